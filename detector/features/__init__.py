"""What is remembered of an account and computed from it: rows, day lines, counterparties, evidence, evaluation rows."""
