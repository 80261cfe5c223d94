"""The documents of `sample_specs`, and how the test server understands them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.support.document import Bundle, bundle

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_specs"
DOCUMENTS = (
    *("pet_store.yaml", "bookshop.yaml", "legacy_swagger.json", "split/openapi.yaml"),
    *("json_schema_2020.yaml", "modern_3_2.yaml", "naming.yaml", "dirty.yaml"),
)
_MENDED = ROOT / "tests" / "samples" / "mended"


@cache
def sample(name: str) -> Bundle:
    """A sample as the server reads it: a dirty one in its mended form."""
    mended = _MENDED / name
    return bundle(mended if mended.exists() else SAMPLES / name)
