"""Tip-offs, reports and risk enterprises that come from people."""
