"""The embedded stack: a Kafka-compatible broker, a MongoDB-compatible database and the services as plain processes."""
