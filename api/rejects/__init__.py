"""What institutions sent and nobody could use: counted by the ledger's writer, told beside coverage."""
