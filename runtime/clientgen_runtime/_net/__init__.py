"""Connections: how bytes get to servers and back, without what calls mean."""
