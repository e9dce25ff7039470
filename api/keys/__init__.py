"""An office's keys, for its administrator."""
