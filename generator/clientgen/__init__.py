"""Compiles an OpenAPI document into a small, typed Python SDK."""

__version__ = "0.1.0"
