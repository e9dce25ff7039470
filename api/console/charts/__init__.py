"""Charts as geometry: plain numbers that a template writes as SVG, so that no script and no other server draws."""
