"""The log as the worker sees it: the same over Kafka and over memory."""
