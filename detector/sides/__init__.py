"""Side inputs: the watch list and the offices' verdicts, and where each took effect."""
