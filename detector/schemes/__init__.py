"""Schemes: what accounts show together that none shows alone; fed by evidence of shards, pure."""
