"""What could not be evaluated, for whom."""
