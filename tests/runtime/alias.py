"""Runs the suite with httpx2 in the place of httpx: `pytest -p tests.runtime.alias tests/runtime`.

It has to come before anything imports httpx, so it is a plugin that the command line names.
"""

from __future__ import annotations

import importlib
from typing import Any

httpx2: Any = importlib.import_module("httpx2")
httpx2.alias_httpx()
