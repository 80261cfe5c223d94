"""Reads documents: bytes from a file, a URL or standard input become plain values.

Nothing here knows what OpenAPI is. A `Document` holds the values, and finds the line and column of
any of them when a diagnostic asks.
"""

from clientgen.load._document import Document, Json
from clientgen.load._errors import LoadError
from clientgen.load._loader import ALL, All, Loader
from clientgen.load._parse import parse_document

__all__ = ["ALL", "All", "Document", "Json", "LoadError", "Loader", "parse_document"]
