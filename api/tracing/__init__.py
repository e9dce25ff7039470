"""Where the money of a scheme's payers went and sits now, by a stated rule."""
