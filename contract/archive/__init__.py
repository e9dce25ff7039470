"""The archive's layout, for those who write it and those who read it: names, columns, and which files are to be read."""
