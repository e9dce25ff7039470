"""Who asks, and what an office may see."""
