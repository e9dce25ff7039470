"""Subjects of administrative findings."""
