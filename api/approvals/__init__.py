"""Approvals for what no list shows: movements and flows."""
