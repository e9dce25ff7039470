"""In which industry the ledger's accounts are: learned from profiles, since no flag says it."""
