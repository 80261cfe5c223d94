"""What a client does about failures, limits, redirects and versions."""
