"""The whole stream on one machine with nothing but Python: ``fundwatch demo``."""
