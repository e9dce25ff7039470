"""Schemes as offices read them."""
