"""What offices read of the archive: the movements of one account."""
