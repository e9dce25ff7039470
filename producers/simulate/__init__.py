"""A seeded city: ordinary life over institutions of all four types, look-alikes, and fund-raising schemes among them."""
