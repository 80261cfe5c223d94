"""Importing what SDKs import loads what clients are made of, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

LARGE = {"asyncio", "httpx", "pydantic", "ssl", "tenacity"}


@pytest.mark.parametrize(
    "statement",
    [
        "from clientgen_runtime import Client, ClientError",
        "from clientgen_runtime.sdk import OMIT, Api, AsyncClient, Client, Operation, exports",
    ],
)
def test_importing_clients_loads_none_of_the_large_libraries(statement: str) -> None:
    code = f"import sys\n{statement}\nprint(*{LARGE} & {{*sys.modules}})"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []
