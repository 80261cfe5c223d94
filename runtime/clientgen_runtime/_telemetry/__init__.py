"""What a client tells of its calls: logs, metrics and spans."""
