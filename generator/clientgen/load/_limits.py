"""How much a document may ask of us."""

# Levels of nesting. Real documents stay below 60; Python's own stack, which later stages and the
# JSON parser use, holds 1,000 calls.
MAX_DEPTH = 500
# Nodes that aliases add to those that are written; later stages walk each of them.
MAX_ALIASED_NODES = 2_000_000
# Bytes of one document.
MAX_BYTES = 256 * 1024 * 1024
