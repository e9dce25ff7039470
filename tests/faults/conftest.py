"""The module that puts clocks wrong is for child processes: collecting it would put the tests' own clock wrong."""

collect_ignore = ["wrong_clock"]
