"""The risk ledger's writer: flags from the log into the database."""
