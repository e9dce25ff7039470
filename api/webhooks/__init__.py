"""Webhooks: an office's own server is told that there is something new, signed, and never one inside our network."""
