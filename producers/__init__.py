"""The bank side: reads an institution's own files, checks them, and publishes them into Kafka."""
