"""One typology a file, found by scanning this package; none imports another."""
