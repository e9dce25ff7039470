"""Account reports of Order 737 art. 13(3) and the list of large-value reports: drafted here, sent by people."""
