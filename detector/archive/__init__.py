"""The log for good: what the engine consumed, written as Parquet, read back in the log's order, kept small and in time."""
