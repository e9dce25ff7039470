"""What the office side tells the detector: kept with what it tells of, sent afterwards."""
