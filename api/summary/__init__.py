"""Counts of what an office may see."""
