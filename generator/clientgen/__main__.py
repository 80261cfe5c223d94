"""`python -m clientgen` is the `clientgen` command."""

from clientgen.cli import main

main()
