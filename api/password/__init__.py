"""A person's own password."""
