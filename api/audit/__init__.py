"""Who asked for what, when, why, and what was answered: append-only and chained by hashes."""
