"""Lists that come page by page, and the objects that go through them."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Generic

# Defaults of type variables (PEP 696) are not in `typing` before Python 3.13.
from typing_extensions import TypeVar

from ._call import generic_call, operation_call, set_header
from ._errors import ConfigurationError, ResponseError
from ._flow import run_call
from ._ids import uuid4
from ._operation import Pages, content_of
from ._paging import Answer, following, is_at_start, items_at, total_of
from ._response import describe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

    from ._call import Call, Plan
    from ._flow import Flow
    from ._operation import Operation
    from ._request import Request
    from ._response import Response
    from ._settings import OperationArguments, PageOptions, Settings

T = TypeVar("T")
B = TypeVar("B", default=Any)

MOST_EMPTY_PAGES = 100
"""Pages without items in a row after which a list is given up: its server does not end it."""


class Listing:
    """What all pages of one list have in common.

    Attributes:
        pages: How the list goes on.
        items: What is on a page, from its answer and typed body.
    """

    def __init__(
        self,
        call: Call[Any],
        pages: Pages,
        new_id: Callable[[], str] | None,
        items: Callable[[Response, object], list[Any]],
    ) -> None:
        self.pages = pages
        self.items = items
        self._call = call
        self._new_id = new_id
        self._numbers = {self._position(call.request): 0}

    @property
    def first(self) -> Request:
        """What asks for the first page."""
        return self._call.request

    def body(self, response: Response) -> Any:
        """The typed body of a page."""
        return self._call.read(response)

    def call(self, request: Request, read: Callable[[Response], Any]) -> Call[Any]:
        """The call for a page, under the rules of the first one."""
        call = copy(self._call)
        call.request, call.read = request, read
        return call

    def renew(self, request: Request) -> None:
        """Give a request ids of its own; those of another one would get its answer again."""
        key_header = self._call.idempotency.header
        if key_header in request.headers:
            set_header(request.headers, key_header, uuid4())
        if "x-request-id" in request.headers and self._new_id is not None:
            set_header(request.headers, "X-Request-ID", self._new_id())

    def leads_back(self, request: Request, number: int) -> bool:
        """Whether the request for this page number was that for an earlier page."""
        return self._numbers.setdefault(self._position(request), number) < number

    def _position(self, request: Request) -> int:
        """What tells requests for pages apart; a hash, since a list may have many."""
        header = request.headers.get(self.pages.request or "link")
        return hash((request.url, request.payload.content, header))


def is_list(operation: Operation[Any], arguments: OperationArguments) -> bool:
    """Whether what is asked for is the list, and not its text in some other media type."""
    accept = arguments.get("accept")
    if not isinstance(accept, str):
        return True
    contents = [content_of(payloads) for payloads in operation.responses.values()]
    kinds = [kind() for c in contents if accept in c and (kind := c[accept]) is not None]
    return not any(kind is bytes or kind is str for kind in kinds)


def operation_list(settings: Settings, plan: Plan, arguments: OperationArguments) -> Listing:
    """The list that an operation answers with.

    Raises:
        ConfigurationError: An argument cannot be sent.
    """
    pages = plan.operation.pages
    assert pages is not None
    call = operation_call(settings, plan, **arguments)
    return Listing(call, pages, settings.new_id, lambda _, body: items_at(body, pages.items))


def generic_list(
    settings: Settings, method: str, url: str, model: object, options: PageOptions
) -> Listing:
    """A list that no document describes.

    Raises:
        ConfigurationError: An argument cannot be sent, or does not say how the list goes on.
    """
    given: Any = dict(options)
    pages = _pages({name: given.pop(name) for name in Pages._fields if name in given})

    def items(response: Response, body: object) -> list[Any]:
        found = items_at(body, pages.items)
        return found if model is None else [_item(response, model, item) for item in found]

    call = generic_call(settings, method, url, None, given)
    if "accept" not in call.request.headers:
        set_header(call.request.headers, "Accept", "application/json")
    call.read = _json_or_none
    return Listing(call, pages, settings.new_id, items)


def _json_or_none(response: Response) -> Any:
    return response.json() if response.content else None


def _item(response: Response, model: object, item: object) -> Any:
    from ._json import dumps
    from ._parse import parse_item

    return parse_item(response, model, dumps(item))


def _pages(given: dict[str, Any]) -> Pages:
    stated: dict[str, Any] = {"style": _style(given), **given}
    pages = Pages(**stated)
    needs = {
        "cursor": pages.request and (pages.next or pages.last),
        "token_body": pages.request and (pages.next or pages.last),
        "offset": pages.request,
        "page": pages.request,
        "next_url": pages.next,
        "link": True,
    }
    if pages.style not in needs:
        raise ConfigurationError(f"style= is one of {', '.join(needs)}, not {pages.style!r}")
    if not needs[pages.style]:
        raise ConfigurationError(
            f"pages of style {pages.style!r} need request= and next= (or last=), as far as they "
            "have them; see the guide on pagination"
        )
    return pages


def _style(given: dict[str, Any]) -> str:
    """The style that the other arguments mean."""
    if "request" not in given:
        return "next_url" if "next" in given else "link"
    return "cursor" if "next" in given or "last" in given else "offset"


class BasePage(Generic[T, B]):
    """One page of a list, and the way to the next.

    Attributes:
        items: What is on this page.
        body: The whole body of the answer, as the document types it.
        response: The answer, with its status and headers.
    """

    def __init__(
        self,
        listing: Listing,
        run: Callable[[Flow[Any]], Any],
        request: Request,
        response: Response,
        previous: BasePage[T, B] | None = None,
    ) -> None:
        self.response = response
        self.body: B = listing.body(response)
        self.items: list[T] = listing.items(response, self.body)
        self._listing = listing
        self._run = run
        self._request = request
        self._number = 1
        self._empty = 0 if self.items else 1
        self._before: int | None = 0 if is_at_start(listing.pages, request) else None
        if previous is not None:
            self._follow(previous)

    def _follow(self, previous: BasePage[T, B]) -> None:
        """Take over what the page before knows."""
        counts = self._listing.pages.style in ("offset", "page")
        if counts and self.items and self.response.content == previous.response.content:
            raise self._lost("the server gave the same page again")
        self._number = previous._number + 1
        self._empty += previous._empty if self._empty else 0
        known = previous._before
        self._before = None if known is None else known + len(previous.items)

    @property
    def next_request(self) -> Request | None:
        """What asks for the next page, without credentials; `None` on the last page.

        Raises:
            ResponseError: The server names a page that is not on its own origin.

        Example:
            >>> SEARCH = {"items": "data", "request": "cursor", "next": "next_cursor"}
            >>> page = client.paginate("GET", "/pets/search", **SEARCH)
            >>> page.next_request.url
            'https://api.example.com/pets/search?cursor=c2'
        """
        answer = Answer(self._request, self.response, self.body, self.items, self._before)
        return following(self._listing.pages, answer)

    @property
    def total(self) -> int | None:
        """How many items there are on all pages, `None` when the server does not say.

        Example:
            >>> SEARCH = {"items": "data", "request": "cursor", "next": "next_cursor"}
            >>> page = client.paginate("GET", "/pets/search", **SEARCH)
            >>> print(page.total)
            None
        """
        return total_of(self._listing.pages, self.response, self.body)

    @property
    def request_id(self) -> str | None:
        """The id under which the server, or else this client, knows the call.

        Example:
            >>> page = client.paginate("GET", "/pets")
            >>> page.request_id == page.response.request_id
            True
        """
        return self.response.request_id

    def has_next_page(self) -> bool:
        """Whether there is a page after this one.

        Raises:
            ResponseError: The server names a page that is not on its own origin.

        Example:
            >>> SEARCH = {"items": "data", "request": "cursor", "next": "next_cursor"}
            >>> page = client.paginate("GET", "/pets/search", **SEARCH)
            >>> page.has_next_page(), page.get_next_page().has_next_page()
            (True, False)
        """
        return self.next_request is not None

    def _next_call(self) -> Call[Any]:
        request = self.next_request
        if request is None:
            raise ConfigurationError("this is the last page; ask has_next_page() first")
        if self._empty > MOST_EMPTY_PAGES:
            raise self._lost(f"{self._empty} pages without items came in a row")
        if self._listing.leads_back(request, self._number):
            raise self._lost("the server leads back to a page that was there before")
        self._listing.renew(request)
        kind, listing, run = type(self), self._listing, self._run
        return listing.call(request, lambda response: kind(listing, run, request, response, self))

    def _lost(self, why: str) -> ResponseError:
        return ResponseError(f"{describe(self._request)}: {why}", response=self.response)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._number}: {len(self.items)} items>"


class Page(BasePage[T, B]):
    """One page of a list; iterating over it goes through the items of this and all later pages.

    Attributes:
        items: What is on this page.
        body: The whole body of the answer, as the document types it.
        response: The answer, with its status and headers.

    Example:
        >>> SEARCH = {"items": "data", "request": "cursor", "next": "next_cursor"}
        >>> page = client.paginate("GET", "/pets/search", **SEARCH)
        >>> [pet["name"] for pet in page]
        ['Rex', 'Tom']
    """

    def get_next_page(self) -> Page[T, B]:
        """Ask for the next page.

        Raises:
            ConfigurationError: This is the last one.
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> SEARCH = {"items": "data", "request": "cursor", "next": "next_cursor"}
            >>> page = client.paginate("GET", "/pets/search", **SEARCH)
            >>> page.get_next_page().items
            [{'id': 8, 'name': 'Tom'}]
        """
        page: Page[T, B] = self._run(run_call(self._next_call()))
        return page

    def iter_pages(self) -> Iterator[Page[T, B]]:
        """This page and all later ones, each asked for when it is needed.

        Example:
            >>> SEARCH = {"items": "data", "request": "cursor", "next": "next_cursor"}
            >>> page = client.paginate("GET", "/pets/search", **SEARCH)
            >>> [len(page.items) for page in page.iter_pages()]
            [1, 1]
        """
        page = self
        yield page
        while page.has_next_page():
            page = page.get_next_page()
            yield page

    def __iter__(self) -> Iterator[T]:
        for page in self.iter_pages():
            for item in page.items:  # noqa: UP028 - held equal to AsyncPage, which cannot
                yield item


class AsyncPage(BasePage[T, B]):
    """One page of a list; iterating over it goes through the items of this and all later pages.

    Attributes:
        items: What is on this page.
        body: The whole body of the answer, as the document types it.
        response: The answer, with its status and headers.

    Example:
        >>> SEARCH = {"items": "data", "request": "cursor", "next": "next_cursor"}
        >>> page = await aclient.paginate("GET", "/pets/search", **SEARCH)
        >>> [pet["name"] async for pet in page]
        ['Rex', 'Tom']
    """

    async def get_next_page(self) -> AsyncPage[T, B]:
        """Ask for the next page.

        Raises:
            ConfigurationError: This is the last one.
            ClientError: Whatever goes wrong; see its subclasses.

        Example:
            >>> SEARCH = {"items": "data", "request": "cursor", "next": "next_cursor"}
            >>> page = await aclient.paginate("GET", "/pets/search", **SEARCH)
            >>> (await page.get_next_page()).items
            [{'id': 8, 'name': 'Tom'}]
        """
        page: AsyncPage[T, B] = await self._run(run_call(self._next_call()))
        return page

    async def iter_pages(self) -> AsyncIterator[AsyncPage[T, B]]:
        """This page and all later ones, each asked for when it is needed.

        Example:
            >>> SEARCH = {"items": "data", "request": "cursor", "next": "next_cursor"}
            >>> page = await aclient.paginate("GET", "/pets/search", **SEARCH)
            >>> [len(page.items) async for page in page.iter_pages()]
            [1, 1]
        """
        page = self
        yield page
        while page.has_next_page():
            page = await page.get_next_page()
            yield page

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.iter_pages():
            for item in page.items:
                yield item


class AsyncPaginator(Generic[T, B]):
    """A list of which nothing was asked for yet: `await` it for its first page, or iterate.

    Args:
        call: Makes the call for the first page.
        run: Performs it.

    Example:
        >>> pets = aclient.paginate("GET", "/pets")
        >>> [pet["name"] async for pet in pets]
        ['Rex', 'Tom']
    """

    def __init__(self, call: Callable[[], Call[Any]], run: Callable[[Flow[Any]], Any]) -> None:
        self._call = call
        self._run = run

    async def _first(self) -> AsyncPage[T, B]:
        page: AsyncPage[T, B] = await self._run(run_call(self._call()))
        return page

    def __await__(self) -> Generator[Any, None, AsyncPage[T, B]]:
        return self._first().__await__()

    async def iter_pages(self) -> AsyncIterator[AsyncPage[T, B]]:
        """All pages, each asked for when it is needed.

        Example:
            >>> async for page in aclient.paginate("GET", "/pets").iter_pages():
            ...     print(len(page.items))
            2
        """
        async for page in (await self).iter_pages():
            yield page

    async def __aiter__(self) -> AsyncIterator[T]:
        async for item in await self:
            yield item


def first_call(
    listing: Listing,
    kind: type[Page[Any, Any]] | type[AsyncPage[Any, Any]],
    run: Callable[[Flow[Any]], Any],
) -> Call[Any]:
    """The call for the first page of a list; its result is the page."""
    request = listing.first
    return listing.call(request, lambda response: kind(listing, run, request, response))


def open_list(listing: Listing, run: Callable[[Flow[Any]], Any]) -> Page[Any, Any]:
    """The first page of a list."""
    page: Page[Any, Any] = run(run_call(first_call(listing, Page, run)))
    return page


def open_async_list(listing: Listing, run: Callable[[Flow[Any]], Any]) -> AsyncPaginator[Any, Any]:
    """A list of an `AsyncClient`."""
    return AsyncPaginator(lambda: first_call(listing, AsyncPage, run), run)
