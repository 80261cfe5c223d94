"""GraphQL over a client: queries, mutations, batches, uploads and subscriptions.

All that the client does for calls it does here: credentials, retries, limits, breaker, middleware,
cache, logs. Follows "GraphQL over HTTP", the multipart request specification and GraphQL over SSE.
"""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from ._body import JSON, essence
from ._call import EVENTS
from ._errors import ClientError, ConfigurationError, DecodeError, _rebuild
from ._narrow import is_list, is_mapping, is_tuple
from ._parse import typed_value, value_validator
from ._policies.retry import retry_config
from ._redact import mask
from ._response import describe, status_error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from pydantic import TypeAdapter
    from typing_extensions import Unpack

    from ._client import AsyncClient, Client
    from ._framing import ServerSentEvent
    from ._json import Dump
    from ._request import Request
    from ._response import Response
    from ._settings import CallOptions, Settings

T = TypeVar("T")

ANSWER = "application/graphql-response+json"
_ACCEPTED = f"{ANSWER}, {JSON};q=0.9"
# With these, servers that answer in plain JSON tell of a document that is wrong.
_TOLD = {400: False, 422: False}
_EXCERPT = 200

__all__ = [
    "AsyncGraphQL",
    "GraphQL",
    "GraphQLError",
    "GraphQLFault",
    "GraphQLResult",
    "Mutation",
    "Query",
    "Upload",
]


@dataclass(frozen=True)
class Upload:
    """A file among the variables of an operation.

    Attributes:
        content: Bytes, a binary file object, or a path.
        name: The name that the server is told. Default: that of the file, if it has one.
        content_type: Its media type. Default: `application/octet-stream`.

    Example:
        >>> Upload(b"...", "rex.png", "image/png").name
        'rex.png'
    """

    content: object = field(repr=False)
    name: str | None = None
    content_type: str | None = None

    def _part(self) -> object:
        if self.name is None and self.content_type is None:
            return self.content
        name = self.name or "upload"
        return (name, self.content, self.content_type or "application/octet-stream")


@dataclass(frozen=True)
class GraphQLFault:
    """One of the errors that a server tells.

    Attributes:
        message: What went wrong.
        path: Where in the data, such as `("pets", 0, "name")`; empty when it is about the request.
        locations: Lines and columns in the document.
        extensions: What else the server tells of it.

    Example:
        >>> GraphQLFault("no such pet", ("pet",), extensions={"code": "NOT_FOUND"}).code
        'NOT_FOUND'
    """

    message: str
    path: tuple[str | int, ...] = ()
    locations: tuple[tuple[int, int], ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def code(self) -> str | None:
        """The `code` that many servers tell in `extensions`.

        Example:
            >>> GraphQLFault("no such pet").code is None
            True
        """
        code = self.extensions.get("code")
        return code if isinstance(code, str) else None

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        return f"{where}: {self.message}" if where else self.message


class GraphQLError(ClientError):
    """The server tells of errors, maybe beside data.

    Attributes:
        errors: What went wrong, each with its path.
        data: What there is nevertheless: the model if it fits, else plain data, `None` for nothing.
        response: The answer.

    Args:
        message: What went wrong.
        errors: Each of them.
        data: What there is nevertheless.
        response: The answer.

    Example:
        >>> try:
        ...     GraphQL(client, "/graphql/partial").query("{ pet(id: 7) { name owner } }")
        ... except GraphQLError as error:
        ...     print(error.errors[0].path, error.data["pet"]["name"])
        ('pet', 'owner') Rex
    """

    def __init__(
        self,
        message: str,
        *,
        errors: Sequence[GraphQLFault],
        data: object = None,
        response: Response,
    ) -> None:
        super().__init__(message)
        self.errors: tuple[GraphQLFault, ...] = tuple(errors)
        self.data: Any = data
        self.response: Response = response
        self.request: Request | None = response.request

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, {**self.__dict__})


@dataclass(frozen=True)
class GraphQLResult(Generic[T]):
    """What an operation gave, with its errors.

    Attributes:
        data: The model, or plain data; `None` when there is none.
        errors: What went wrong, each with its path.
        extensions: What else the server tells.
        response: The answer.

    Example:
        >>> results = GraphQL(client, "/graphql/batch").batch([Query("{ pet { name } }")])
        >>> results[0].data, results[0].errors
        ({'pet': {'name': 'Rex'}}, ())
    """

    data: T | None
    errors: tuple[GraphQLFault, ...]
    extensions: Mapping[str, object]
    response: Response = field(repr=False)

    def raise_for_errors(self) -> GraphQLResult[T]:
        """This result, unless the server tells of errors.

        Raises:
            GraphQLError: It does.

        Example:
            >>> results = GraphQL(client, "/graphql/batch").batch([Query("{ pet { name } }")])
            >>> results[0].raise_for_errors().data
            {'pet': {'name': 'Rex'}}
        """
        if not self.errors:
            return self
        told = str(self.errors[0])
        if len(self.errors) > 1:
            told += f" and {len(self.errors) - 1} more"
        request = self.response.request
        line = mask(" ".join(told.split()), request.secrets())
        raise GraphQLError(
            f"{describe(request)}: {line[:_EXCERPT]}",
            errors=self.errors,
            data=self.data,
            response=self.response,
        )


@dataclass(frozen=True)
class Query(Generic[T]):
    """A query, for `batch`.

    Attributes:
        document: The GraphQL document.
        variables: Its variables; models and what else JSON bodies take will do, and `Upload`.
        operation_name: Which operation of the document is meant, if there are several.
        response_model: What `data` becomes; plain data when it is not given.

    Example:
        >>> Query("query ($id: ID!) { pet(id: $id) { name } }", {"id": "7"}).variables
        {'id': '7'}
    """

    document: str
    variables: Mapping[str, object] | None = None
    operation_name: str | None = None
    response_model: type[T] | TypeAdapter[T] | None = None

    _is_safe = True

    def _members(self, *, hashed: bool, whole: bool) -> dict[str, object]:
        members: dict[str, object] = {}
        if whole or not hashed:
            members["query"] = self.document
        if self.variables:
            members["variables"] = self.variables
        if self.operation_name is not None:
            members["operationName"] = self.operation_name
        if hashed:
            digest = hashlib.sha256(self.document.encode()).hexdigest()
            members["extensions"] = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
        return members


@dataclass(frozen=True)
class Mutation(Query[T]):
    """A mutation, for `batch`: not sent again by itself, since it changes something.

    Attributes:
        document: The GraphQL document.
        variables: Its variables; models and what else JSON bodies take will do, and `Upload`.
        operation_name: Which operation of the document is meant, if there are several.
        response_model: What `data` becomes; plain data when it is not given.

    Example:
        >>> Mutation("mutation { adopt(id: 7) { name } }").operation_name is None
        True
    """

    _is_safe = False


class _Endpoint:
    """What both kinds share: requests made of operations, and results of answers."""

    _settings: Settings
    _url: str
    _persisted: bool
    _use_get: bool

    def _request(
        self, operation: Query[Any], options: CallOptions, *, whole: bool
    ) -> tuple[str, CallOptions]:
        """Method and options of the request for one operation."""
        made = self._options(options, is_safe=operation._is_safe)
        members = operation._members(hashed=self._persisted, whole=whole)
        variables, files = _without_uploads(members.get("variables"), "variables")
        dump = self._settings.dump
        if files:
            # Whole at once: what was read from a file may not be there to be sent again.
            members = {**operation._members(hashed=False, whole=True), "variables": variables}
            return "POST", {**made, **_multipart(members, files, dump)}
        if self._use_get and operation._is_safe and not (self._persisted and whole):
            params = {n: v if isinstance(v, str) else dump(v).decode() for n, v in members.items()}
            return "GET", {**made, "params": {**made.get("params", {}), **params}}
        return "POST", {**made, "json": members}

    def _batch_request(self, operations: Sequence[Query[Any]], options: CallOptions) -> CallOptions:
        members = [one._members(hashed=False, whole=True) for one in operations]
        if any(_without_uploads(m.get("variables"), "")[1] for m in members):
            raise ConfigurationError("uploads cannot be sent in a batch; send them one by one")
        made = self._options(options, is_safe=all(one._is_safe for one in operations))
        return {**made, "json": members}

    def _subscription(self, operation: Query[Any], options: CallOptions) -> CallOptions:
        made = self._options(options, is_safe=True)
        headers = {"Accept": f"{EVENTS}, {_ACCEPTED}", **options.get("headers", {})}
        return {**made, "headers": headers, "json": operation._members(hashed=False, whole=True)}

    def _options(self, options: CallOptions, *, is_safe: bool) -> CallOptions:
        headers = {"Accept": _ACCEPTED, **options.get("headers", {})}
        made: CallOptions = {**options, "headers": headers, "raise_for_status": _TOLD}
        retry = self._settings.retry
        if "retry" in options:
            retry = retry_config(options["retry"])
        if retry is not None and is_safe:
            # A query changes nothing, whatever method it is sent with.
            made["retry"] = replace(retry, retry_methods={*retry.retry_methods, "POST"})
        return made

    def _must_be_whole(self, response: Response) -> bool:
        """Whether the server has to be told the document that it was told the hash of."""
        if not self._persisted:
            return False
        told = {_text(fault.get("message")) for fault in _faults(response)} | {
            _text(_member(fault, "extensions", "code")) for fault in _faults(response)
        }
        if told & {"PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED"}:
            self._persisted = False
            return True
        return bool(told & {"PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"})

    def _one(
        self, response: Response, operation: Query[T], options: CallOptions
    ) -> GraphQLResult[T]:
        return self._result(response, _answer(response), operation, options)

    def _several(
        self, response: Response, operations: Sequence[Query[Any]], options: CallOptions
    ) -> list[GraphQLResult[Any]]:
        answers = _answer(response)
        if is_list(answers) and len(answers) == len(operations):
            pairs = zip(answers, operations, strict=True)
            return [self._result(response, answer, one, options) for answer, one in pairs]
        # Servers that refuse a batch as a whole tell so by one answer.
        if is_mapping(answers):
            self._result(response, answers, operations[0], options).raise_for_errors()
        raise DecodeError(
            f"{describe(response.request)}: a batch of {len(operations)} was not answered by as "
            "many results",
            response=response,
        )

    def _event(
        self,
        response: Response,
        event: ServerSentEvent,
        operation: Query[T],
        options: CallOptions,
    ) -> GraphQLResult[T] | None:
        """What an event of a subscription tells, `None` when it is no result."""
        # Some servers leave the name out, which is then `message`, as may be what keeps alive.
        is_nameless = event.event == "message" and ('"data"' in event.data or '"err' in event.data)
        if event.event != "next" and not is_nameless:
            return None
        return self._result(response, event.json(), operation, options)

    def _result(
        self, response: Response, answer: object, operation: Query[T], options: CallOptions
    ) -> GraphQLResult[T]:
        if not is_mapping(answer) or not {"data", "errors"} & answer.keys():
            if response.is_error:
                raise status_error(response)
            message = f"{describe(response.request)}: the answer has neither data nor errors"
            raise DecodeError(message, response=response)
        errors = tuple(map(_fault, _told(answer)))
        extensions = answer.get("extensions")
        data: Any = answer.get("data")
        if operation.response_model is not None and data is not None:
            validation = options.get("validation", self._settings.validation)
            if errors:
                data = _model_or_plain(operation.response_model, data)
            else:
                data = typed_value(response, operation.response_model, data, validation)
        return GraphQLResult(data, errors, extensions if is_mapping(extensions) else {}, response)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._url} below {self._settings.base_url}>"


class GraphQL(_Endpoint):
    """A GraphQL endpoint, reached through a `Client`.

    Args:
        client: The client, of an SDK or generic, whose settings and connections are used.
        url: A path below its `base_url`, or an absolute URL.
        persisted: Whether queries are sent as hashes, and whole only to servers that do not know
            them yet (automatic persisted queries). Default: no.
        use_get: Whether queries are sent by GET, which caches can answer. Default: no.

    Example:
        >>> api = GraphQL(client)
        >>> api.query("query ($id: ID!) { pet(id: $id) { name } }", {"id": "7"})
        {'pet': {'name': 'Rex'}}
    """

    def __init__(
        self,
        client: Client,
        url: str = "/graphql",
        *,
        persisted: bool = False,
        use_get: bool = False,
    ) -> None:
        self._client: Client = client
        self._settings = client._settings
        self._url = url
        self._persisted = persisted
        self._use_get = use_get

    @overload
    def query(
        self,
        document: str,
        variables: Mapping[str, object] | None = ...,
        *,
        operation_name: str | None = ...,
        response_model: None = ...,
        **options: Unpack[CallOptions],
    ) -> dict[str, Any]: ...
    @overload
    def query(
        self,
        document: str,
        variables: Mapping[str, object] | None = ...,
        *,
        operation_name: str | None = ...,
        response_model: type[T] | TypeAdapter[T],
        **options: Unpack[CallOptions],
    ) -> T: ...
    def query(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        operation_name: str | None = None,
        response_model: Any = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Ask for data. A query that fails is tried again as a GET would be.

        Args:
            document: The GraphQL document.
            variables: Its variables; models and what else JSON bodies take will do.
            operation_name: Which operation of the document is meant, if there are several.
            response_model: What `data` becomes; plain data when it is not given.
            **options: See `CallOptions`.

        Raises:
            GraphQLError: The server tells of errors.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> class Found(BaseModel):
            ...     pet: dict[str, str]
            >>> GraphQL(client).query("{ pet(id: 7) { name } }", response_model=Found)
            Found(pet={'name': 'Rex'})
        """
        operation = Query(document, variables, operation_name, response_model)
        return self._send(operation, options).raise_for_errors().data

    @overload
    def mutate(
        self,
        document: str,
        variables: Mapping[str, object] | None = ...,
        *,
        operation_name: str | None = ...,
        response_model: None = ...,
        **options: Unpack[CallOptions],
    ) -> dict[str, Any]: ...
    @overload
    def mutate(
        self,
        document: str,
        variables: Mapping[str, object] | None = ...,
        *,
        operation_name: str | None = ...,
        response_model: type[T] | TypeAdapter[T],
        **options: Unpack[CallOptions],
    ) -> T: ...
    def mutate(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        operation_name: str | None = None,
        response_model: Any = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Change data. A mutation that fails is tried again only with an `idempotency_key`.

        Args:
            document: The GraphQL document.
            variables: Its variables; an `Upload` among them is sent as a file.
            operation_name: Which operation of the document is meant, if there are several.
            response_model: What `data` becomes; plain data when it is not given.
            **options: See `CallOptions`.

        Raises:
            GraphQLError: The server tells of errors.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> adopt = "mutation ($id: ID!) { pet: adopt(id: $id) { name } }"
            >>> GraphQL(client).mutate(adopt, {"id": "7"}, idempotency_key="k-1")
            {'pet': {'name': 'Rex'}}
        """
        operation = Mutation(document, variables, operation_name, response_model)
        return self._send(operation, options).raise_for_errors().data

    def batch(
        self, operations: Sequence[Query[Any]], **options: Unpack[CallOptions]
    ) -> list[GraphQLResult[Any]]:
        """Send several operations in one request, to servers that take JSON arrays of them.

        Args:
            operations: `Query` and `Mutation` objects.
            **options: See `CallOptions`.

        Returns:
            A result for each, in their order, with its own errors.

        Raises:
            GraphQLError: The server refuses the batch.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> api = GraphQL(client, "/graphql/batch")
            >>> [result.data for result in api.batch([Query("{ pet { name } }")])]
            [{'pet': {'name': 'Rex'}}]
        """
        if not operations:
            return []
        made = self._batch_request(operations, options)
        response = self._client.request("POST", self._url, **made)
        return self._several(response, operations, options)

    def subscribe(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        operation_name: str | None = None,
        response_model: type[T] | TypeAdapter[T] | None = None,
        **options: Unpack[CallOptions],
    ) -> Iterator[GraphQLResult[T]]:
        """Get results as the server has them, by server-sent events.

        Args:
            document: The GraphQL document.
            variables: Its variables; models and what else JSON bodies take will do.
            operation_name: Which operation of the document is meant, if there are several.
            response_model: What `data` becomes; plain data when it is not given.
            **options: See `CallOptions`.

        Raises:
            GraphQLError: The server refuses the subscription.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> api = GraphQL(client, "/graphql/stream")
            >>> for result in api.subscribe("subscription { born { name } }"):
            ...     print(result.data)
            {'born': {'name': 'Ada'}}
            {'born': {'name': 'Max'}}
        """
        operation = Query(document, variables, operation_name, response_model)
        made = self._subscription(operation, options)
        with self._client.stream("POST", self._url, **made) as response:
            if not _is_events(response):
                response.read()
                yield self._one(response, operation, options).raise_for_errors()
                return
            for event in response.iter_sse():
                result = self._event(response, event, operation, options)
                if result is not None:
                    yield result
                elif event.event == "complete":
                    return

    def _send(self, operation: Query[T], options: CallOptions) -> GraphQLResult[T]:
        method, made = self._request(operation, options, whole=False)
        response = self._client.request(method, self._url, **made)
        if self._must_be_whole(response):
            method, made = self._request(operation, options, whole=True)
            response = self._client.request(method, self._url, **made)
        return self._one(response, operation, options)


class AsyncGraphQL(_Endpoint):
    """A GraphQL endpoint, reached through an `AsyncClient`.

    Args:
        client: The client, of an SDK or generic, whose settings and connections are used.
        url: A path below its `base_url`, or an absolute URL.
        persisted: Whether queries are sent as hashes, and whole only to servers that do not know
            them yet (automatic persisted queries). Default: no.
        use_get: Whether queries are sent by GET, which caches can answer. Default: no.

    Example:
        >>> api = AsyncGraphQL(aclient)
        >>> await api.query("query ($id: ID!) { pet(id: $id) { name } }", {"id": "7"})
        {'pet': {'name': 'Rex'}}
    """

    def __init__(
        self,
        client: AsyncClient,
        url: str = "/graphql",
        *,
        persisted: bool = False,
        use_get: bool = False,
    ) -> None:
        self._client: AsyncClient = client
        self._settings = client._settings
        self._url = url
        self._persisted = persisted
        self._use_get = use_get

    @overload
    async def query(
        self,
        document: str,
        variables: Mapping[str, object] | None = ...,
        *,
        operation_name: str | None = ...,
        response_model: None = ...,
        **options: Unpack[CallOptions],
    ) -> dict[str, Any]: ...
    @overload
    async def query(
        self,
        document: str,
        variables: Mapping[str, object] | None = ...,
        *,
        operation_name: str | None = ...,
        response_model: type[T] | TypeAdapter[T],
        **options: Unpack[CallOptions],
    ) -> T: ...
    async def query(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        operation_name: str | None = None,
        response_model: Any = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Ask for data. A query that fails is tried again as a GET would be.

        Args:
            document: The GraphQL document.
            variables: Its variables; models and what else JSON bodies take will do.
            operation_name: Which operation of the document is meant, if there are several.
            response_model: What `data` becomes; plain data when it is not given.
            **options: See `CallOptions`.

        Raises:
            GraphQLError: The server tells of errors.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> class Found(BaseModel):
            ...     pet: dict[str, str]
            >>> await AsyncGraphQL(aclient).query("{ pet(id: 7) { name } }", response_model=Found)
            Found(pet={'name': 'Rex'})
        """
        operation = Query(document, variables, operation_name, response_model)
        return (await self._send(operation, options)).raise_for_errors().data

    @overload
    async def mutate(
        self,
        document: str,
        variables: Mapping[str, object] | None = ...,
        *,
        operation_name: str | None = ...,
        response_model: None = ...,
        **options: Unpack[CallOptions],
    ) -> dict[str, Any]: ...
    @overload
    async def mutate(
        self,
        document: str,
        variables: Mapping[str, object] | None = ...,
        *,
        operation_name: str | None = ...,
        response_model: type[T] | TypeAdapter[T],
        **options: Unpack[CallOptions],
    ) -> T: ...
    async def mutate(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        operation_name: str | None = None,
        response_model: Any = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Change data. A mutation that fails is tried again only with an `idempotency_key`.

        Args:
            document: The GraphQL document.
            variables: Its variables; an `Upload` among them is sent as a file.
            operation_name: Which operation of the document is meant, if there are several.
            response_model: What `data` becomes; plain data when it is not given.
            **options: See `CallOptions`.

        Raises:
            GraphQLError: The server tells of errors.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> adopt = "mutation ($id: ID!) { pet: adopt(id: $id) { name } }"
            >>> await AsyncGraphQL(aclient).mutate(adopt, {"id": "7"}, idempotency_key="k-1")
            {'pet': {'name': 'Rex'}}
        """
        operation = Mutation(document, variables, operation_name, response_model)
        return (await self._send(operation, options)).raise_for_errors().data

    async def batch(
        self, operations: Sequence[Query[Any]], **options: Unpack[CallOptions]
    ) -> list[GraphQLResult[Any]]:
        """Send several operations in one request, to servers that take JSON arrays of them.

        Args:
            operations: `Query` and `Mutation` objects.
            **options: See `CallOptions`.

        Returns:
            A result for each, in their order, with its own errors.

        Raises:
            GraphQLError: The server refuses the batch.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> api = AsyncGraphQL(aclient, "/graphql/batch")
            >>> [result.data for result in await api.batch([Query("{ pet { name } }")])]
            [{'pet': {'name': 'Rex'}}]
        """
        if not operations:
            return []
        made = self._batch_request(operations, options)
        response = await self._client.request("POST", self._url, **made)
        return self._several(response, operations, options)

    async def subscribe(
        self,
        document: str,
        variables: Mapping[str, object] | None = None,
        *,
        operation_name: str | None = None,
        response_model: type[T] | TypeAdapter[T] | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncIterator[GraphQLResult[T]]:
        """Get results as the server has them, by server-sent events.

        Args:
            document: The GraphQL document.
            variables: Its variables; models and what else JSON bodies take will do.
            operation_name: Which operation of the document is meant, if there are several.
            response_model: What `data` becomes; plain data when it is not given.
            **options: See `CallOptions`.

        Raises:
            GraphQLError: The server refuses the subscription.
            ClientError: Whatever else goes wrong; see its subclasses.

        Example:
            >>> api = AsyncGraphQL(aclient, "/graphql/stream")
            >>> async for result in api.subscribe("subscription { born { name } }"):
            ...     print(result.data)
            {'born': {'name': 'Ada'}}
            {'born': {'name': 'Max'}}
        """
        operation = Query(document, variables, operation_name, response_model)
        made = self._subscription(operation, options)
        async with self._client.stream("POST", self._url, **made) as response:
            if not _is_events(response):
                await response.aread()
                yield self._one(response, operation, options).raise_for_errors()
                return
            async for event in response.aiter_sse():
                result = self._event(response, event, operation, options)
                if result is not None:
                    yield result
                elif event.event == "complete":
                    return

    async def _send(self, operation: Query[T], options: CallOptions) -> GraphQLResult[T]:
        method, made = self._request(operation, options, whole=False)
        response = await self._client.request(method, self._url, **made)
        if self._must_be_whole(response):
            method, made = self._request(operation, options, whole=True)
            response = await self._client.request(method, self._url, **made)
        return self._one(response, operation, options)


def _answer(response: Response) -> object:
    if response.is_error and not _is_told(response):
        raise status_error(response)
    return response.json()


def _is_told(response: Response) -> bool:
    """Whether an error status comes with an answer of GraphQL."""
    kind = essence(response.headers.get("content-type", ""))
    return kind in (ANSWER, JSON) and bool(_faults(response))


def _is_events(response: Response) -> bool:
    return essence(response.headers.get("content-type", "")) == EVENTS


def _faults(response: Response) -> list[Mapping[Any, object]]:
    try:
        answer = response._loaded()
    except ValueError:
        return []
    return _told(answer) if is_mapping(answer) else []


def _told(answer: Mapping[Any, object]) -> list[Mapping[Any, object]]:
    """The errors in an answer; some servers tell a text, or one error instead of a list."""
    told = answer.get("errors")
    errors = told if is_list(told) else [told] if told else []
    return [one if is_mapping(one) else {"message": one} for one in errors]


def _fault(told: Mapping[Any, object]) -> GraphQLFault:
    extensions = told.get("extensions")
    path = [part for part in _list(told.get("path")) if isinstance(part, (str, int))]
    return GraphQLFault(
        _text(told.get("message")) or "no message",
        tuple(path),
        tuple(_location(one) for one in _list(told.get("locations"))),
        dict(extensions) if is_mapping(extensions) else {},
    )


def _location(told: object) -> tuple[int, int]:
    line, column = _member(told, "line"), _member(told, "column")
    return (line if isinstance(line, int) else 0, column if isinstance(column, int) else 0)


def _member(value: object, *names: str) -> object:
    for name in names:
        value = value.get(name) if is_mapping(value) else None
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[object]:
    return value if is_list(value) else []


def _model_or_plain(model: object, data: object) -> Any:
    try:
        return value_validator(model)(data)
    except ValueError:
        return data


def _without_uploads(value: object, path: str) -> tuple[object, dict[str, Upload]]:
    """Variables with `None` in the place of uploads, and these by their paths."""
    if isinstance(value, Upload):
        return None, {path: value}
    files: dict[str, Upload] = {}
    if is_mapping(value):
        pairs = [(str(name), member) for name, member in value.items()]
    elif is_list(value) or is_tuple(value):
        pairs = [(str(place), member) for place, member in enumerate(value)]
    else:
        return value, files
    members: dict[str, object] = {}
    for name, member in pairs:
        members[name], found = _without_uploads(member, f"{path}.{name}")
        files |= found
    if not files:
        return value, files
    return members if is_mapping(value) else list(members.values()), files


def _multipart(
    members: Mapping[str, object], files: Mapping[str, Upload], dump: Dump
) -> CallOptions:
    """The body of the multipart request specification: `operations`, `map`, then the files."""
    places = {str(number): [path] for number, path in enumerate(files)}
    return {
        "data": {"operations": dump(members).decode(), "map": dump(places).decode()},
        "files": {str(number): one._part() for number, one in enumerate(files.values())},
    }
