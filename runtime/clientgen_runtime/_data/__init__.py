"""Models and values: what they are in Python, and how they look on the wire."""
