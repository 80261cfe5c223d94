"""Prints the table of the corpus after the tests; a conftest below would not see all workers."""

from tests.corpus.summary import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]
