"""Real servers on this machine, for tests and trial: Apache Kafka, PostgreSQL, Prometheus."""
