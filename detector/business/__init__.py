"""What only securities firms and insurers know of a movement (trades, policies), kept beside the loop's memory."""
