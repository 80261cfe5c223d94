"""Mocking with respx, which replaces the connections of all clients of httpx and of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._extra import needs

if TYPE_CHECKING:
    import respx

    from .._client import AsyncClient, Client


def respx_router(client: Client | AsyncClient, **options: Any) -> respx.MockRouter:
    """A router of respx whose paths are those below a client's base URL.

    Args:
        client: The client that is to be mocked.
        **options: Arguments of `respx.mock`, such as `assert_all_called`.

    Raises:
        ConfigurationError: respx is not installed.

    Example:
        >>> with Client("https://api.example.com/v1") as mocked, respx_router(mocked) as router:
        ...     route = router.get("/pets/7").respond(json={"id": 7})
        ...     mocked.get("/pets/7").json(), route.call_count
        ({'id': 7}, 1)
    """
    with needs("testing", "respx"):
        import respx
    return respx.MockRouter(base_url=client.base_url, **options)
