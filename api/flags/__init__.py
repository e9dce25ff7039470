"""Flags as offices read them."""
