"""Entries that an office does not want to see for a while: approved, over by itself, and told what they hid."""
