"""One account as an office may see it."""
