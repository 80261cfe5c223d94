"""GraphQL over a client: data and errors, retries, hashes, batches, uploads, subscriptions."""

from __future__ import annotations

import io
import json
import pickle
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import BaseModel

from clientgen_runtime import (
    AuthenticationError,
    ClientError,
    ConfigurationError,
    DecodeError,
    HTTPCache,
    RetryConfig,
    ServerError,
    ValidationError,
)
from clientgen_runtime.graphql import (
    AsyncGraphQL,
    GraphQL,
    GraphQLError,
    GraphQLFault,
    Mutation,
    Query,
    Upload,
)

pytest.importorskip("graphql")

from tests.runtime.driving import Connect, Driven, Server
from tests.runtime.graphql_server import GraphQLServer, over_sockets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PET = "query ($id: ID!) { pet(id: $id) { name } }"
OWNED = "{ pets { name owner } }"
ADD = "mutation ($pet: NewPet!) { add(pet: $pet) { name } }"
MEASURE = (
    "mutation ($photos: [Upload!]!, $cover: Upload) { measure(photos: $photos, cover: $cover) }"
)
BORN = "subscription ($count: Int!) { born(count: $count) { name } }"
AT_ONCE = RetryConfig(max_attempts=3, backoff_factor=0)


class Pet(BaseModel):
    name: str


class NewPet(BaseModel):
    name: str
    tags: list[str] = []


class PetFound(BaseModel):
    pet: Pet


class PetsFound(BaseModel):
    pets: list[dict[str, str]]


@pytest.fixture
def api(connect: Connect) -> Callable[..., Any]:
    """Makes an endpoint at a server, of either kind."""

    def make(
        server: Callable[[httpx.Request], httpx.Response],
        client_options: dict[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        client = connect(server, **(client_options or {}))
        kind: Any = AsyncGraphQL if connect.is_async else GraphQL
        return connect.drive(kind(client._target, **options))

    return make


@pytest.fixture
def server() -> GraphQLServer:
    return GraphQLServer()


# --- Data and errors -----------------------------------------------------------------------


def test_a_query_gives_data(api: Any, server: GraphQLServer) -> None:
    assert api(server).query(PET, {"id": "7"}) == {"pet": {"name": "Rex"}}
    assert server.last.url.path == "/v1/graphql"


def test_data_becomes_a_model(api: Any, server: GraphQLServer) -> None:
    found = api(server).query(PET, {"id": "7"}, response_model=PetFound)

    assert found == PetFound(pet=Pet(name="Rex"))


def test_variables_may_be_models(api: Any, server: GraphQLServer) -> None:
    added = api(server).mutate(ADD, {"pet": NewPet(name="Ada", tags=["dog"])})

    assert added == {"add": {"name": "Ada"}}
    assert server.added == [{"name": "Ada", "tags": ["dog"]}]


def test_an_operation_of_several_is_named(api: Any, server: GraphQLServer) -> None:
    both = 'query A { pet(id: "7") { name } } query B { pet(id: "8") { name } }'

    assert api(server).query(both, operation_name="B") == {"pet": {"name": "Tom"}}


def test_errors_have_paths_and_leave_the_data_that_there_is(
    api: Any, server: GraphQLServer
) -> None:
    with pytest.raises(GraphQLError) as caught:
        api(server).query(OWNED, response_model=PetsFound)

    error = caught.value
    assert [fault.path for fault in error.errors] == [("pets", 0, "owner"), ("pets", 1, "owner")]
    assert (error.errors[0].code, error.errors[0].locations) == ("FORBIDDEN", ((1, 15),))
    assert error.data["pets"][0] == {"name": "Rex", "owner": None}
    assert str(error) == (
        "POST https://pets.example/v1/graphql: pets.0.owner: it is a secret and 1 more"
    )


def test_a_wrong_document_is_told(api: Any, server: GraphQLServer) -> None:
    with pytest.raises(GraphQLError, match="Cannot query field 'nam'") as caught:
        api(server).query("{ pets { nam } }")

    assert caught.value.response.status_code == 400
    assert caught.value.data is None


def test_errors_survive_pickling(api: Any, server: GraphQLServer) -> None:
    with pytest.raises(GraphQLError) as caught:
        api(server).query("{ pets { nam } }")
    caught.value.response = caught.value.request = None  # type: ignore[assignment]

    again = pickle.loads(pickle.dumps(caught.value))

    assert (str(again), again.errors) == (str(caught.value), caught.value.errors)


def test_secrets_of_the_request_are_in_no_message(api: Any) -> None:
    said = {"errors": [{"message": "token canary-token-1 is not known"}]}
    endpoint = api(Server(httpx.Response(200, json=said)), {"auth": ("bearer", "canary-token-1")})

    with pytest.raises(GraphQLError) as caught:
        endpoint.query(PET)

    assert "canary" not in str(caught.value)


def test_other_statuses_are_raised_as_ever(api: Any) -> None:
    said = httpx.Response(401, json={"errors": [{"message": "who are you?"}]})

    with pytest.raises(AuthenticationError, match="who are you"):
        api(Server(said)).query(PET)
    with pytest.raises(ServerError):
        api(Server(httpx.Response(500, text="oops"))).query(PET)
    with pytest.raises(ClientError, match="400"):
        api(Server(httpx.Response(400, json={"message": "no JSON"}))).query(PET)


def test_what_is_no_answer_of_graphql_is_told(api: Any) -> None:
    with pytest.raises(DecodeError, match="neither data nor errors"):
        api(Server(httpx.Response(200, json={"pet": "Rex"}))).query(PET)
    with pytest.raises(DecodeError, match="not JSON"):
        api(Server(httpx.Response(200, text="<html>"))).query(PET)


def test_odd_errors_are_read_all_the_same(api: Any) -> None:
    odd = {"errors": [{"path": [None, "a"], "locations": [{}, 1], "extensions": 7}, "x", {}]}

    with pytest.raises(GraphQLError) as caught:
        api(Server(httpx.Response(200, json=odd))).query(PET)

    assert caught.value.errors == (
        GraphQLFault("no message", ("a",), ((0, 0), (0, 0))),
        GraphQLFault("x"),
        GraphQLFault("no message"),
    )


@pytest.mark.parametrize("errors", ["no", ["no"], {"message": "no"}])
def test_errors_in_another_form_are_errors_still(api: Any, errors: object) -> None:
    with pytest.raises(GraphQLError, match="no"):
        api(Server(httpx.Response(200, json={"data": None, "errors": errors}))).query(PET)


def test_data_that_does_not_fit_is_judged_as_the_call_says(api: Any, server: GraphQLServer) -> None:
    with pytest.raises(ValidationError, match="pets"):
        api(server).query(PET, {"id": "7"}, response_model=PetsFound, validation="strict")


# --- Policies ------------------------------------------------------------------------------


def test_a_query_is_tried_again(api: Any, slept: list[float]) -> None:
    server = GraphQLServer(503, 503)

    assert api(server, {"retry": AT_ONCE}).query(PET, {"id": "7"}) == {"pet": {"name": "Rex"}}
    assert len(server.requests) == 3


def test_a_mutation_is_tried_again_only_with_a_key(api: Any, slept: list[float]) -> None:
    endpoint = api(server := GraphQLServer(503), {"retry": AT_ONCE})

    with pytest.raises(ServerError):
        endpoint.mutate(ADD, {"pet": {"name": "Ada"}})
    assert server.added == []

    server.statuses.append(503)
    endpoint.mutate(ADD, {"pet": {"name": "Ada"}}, idempotency_key="k-1")
    assert server.added == [{"name": "Ada"}]
    assert server.last.headers["Idempotency-Key"] == "k-1"


def test_a_query_that_must_not_be_tried_again_is_not(api: Any) -> None:
    server = GraphQLServer(503)

    with pytest.raises(ServerError):
        api(server, {"retry": AT_ONCE}).query(PET, {"id": "7"}, retry=None)


def test_options_of_calls_apply(api: Any, server: GraphQLServer) -> None:
    api(server).query(PET, {"id": "7"}, headers={"X-Trace": "1"}, auth=("bearer", "t-1"))

    assert server.last.headers["X-Trace"] == "1"
    assert server.last.headers["Authorization"] == "Bearer t-1"
    assert server.last.headers["Accept"].startswith("application/graphql-response+json")


def test_queries_by_get_are_answered_by_a_cache(api: Any, server: GraphQLServer) -> None:
    pytest.importorskip("hishel")
    server.headers = {"Cache-Control": "max-age=60"}
    endpoint = api(server, {"cache": HTTPCache()}, use_get=True)

    for _ in range(2):
        assert endpoint.query(PET, {"id": "7"}) == {"pet": {"name": "Rex"}}
    endpoint.mutate(ADD, {"pet": {"name": "Ada"}})

    assert [request.method for request in server.requests] == ["GET", "POST"]


# --- Hashes in the place of documents ------------------------------------------------------


def sent(server: GraphQLServer) -> list[list[str]]:
    """What each request told of its operation."""
    return [
        sorted(json.loads(r.content) if r.content else dict(r.url.params)) for r in server.requests
    ]


def test_a_document_is_sent_once_and_then_its_hash(api: Any, server: GraphQLServer) -> None:
    endpoint = api(server, persisted=True)

    for _ in range(2):
        assert endpoint.query(PET, {"id": "7"}) == {"pet": {"name": "Rex"}}

    hashed = ["extensions", "variables"]
    assert sent(server) == [hashed, ["extensions", "query", "variables"], hashed]


def test_hashes_go_by_get_and_documents_by_post(api: Any, server: GraphQLServer) -> None:
    endpoint = api(server, persisted=True, use_get=True)

    for _ in range(2):
        endpoint.query(PET, {"id": "7"})

    assert [request.method for request in server.requests] == ["GET", "POST", "GET"]


def test_a_server_that_knows_no_hashes_gets_none_later(api: Any) -> None:
    server = GraphQLServer(knows_hashes=False)
    endpoint = api(server, persisted=True)

    for _ in range(2):
        assert endpoint.query(PET, {"id": "7"}) == {"pet": {"name": "Rex"}}

    whole = ["query", "variables"]
    assert sent(server) == [["extensions", "variables"], whole, whole]


# --- Batches -------------------------------------------------------------------------------


def test_a_batch_gives_a_result_for_each(api: Any, server: GraphQLServer) -> None:
    rex, owned, added = api(server).batch(
        [
            Query(PET, {"id": "7"}, response_model=PetFound),
            Query(OWNED),
            Mutation(ADD, {"pet": {"name": "Ada"}}),
        ]
    )

    assert rex.raise_for_errors().data == PetFound(pet=Pet(name="Rex"))
    assert [fault.code for fault in owned.errors] == ["FORBIDDEN", "FORBIDDEN"]
    assert added.data == {"add": {"name": "Ada"}}
    assert len(server.requests) == 1
    assert api(server).batch([]) == []


@pytest.mark.parametrize("kind", [Query, Mutation])
def test_a_batch_is_tried_again_if_it_changes_nothing(
    api: Any, kind: Any, slept: list[float]
) -> None:
    server = GraphQLServer(503)
    document = PET if kind is Query else ADD
    variables = {"id": "7"} if kind is Query else {"pet": {"name": "Ada"}}
    call = api(server, {"retry": AT_ONCE}).batch

    if kind is Query:
        assert call([kind(document, variables)])[0].data == {"pet": {"name": "Rex"}}
    else:
        with pytest.raises(ServerError):
            call([kind(document, variables)])


def test_a_batch_that_is_refused_is_told(api: Any) -> None:
    refusal = httpx.Response(400, json={"errors": [{"message": "no batches here"}]})

    with pytest.raises(GraphQLError, match="no batches here"):
        api(Server(refusal)).batch([Query(PET)])
    with pytest.raises(DecodeError, match="a batch of 2 was not answered by as many results"):
        api(Server(httpx.Response(200, json=[{"data": {}}]))).batch([Query(PET), Query(PET)])


# --- Uploads -------------------------------------------------------------------------------


def test_files_are_sent_beside_the_operation(
    api: Any, server: GraphQLServer, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(b"12345")
    variables = {
        "photos": [Upload(b"123", "a.png", "image/png"), Upload(tmp_path / "photo.png")],
        "cover": Upload(io.BytesIO(b"1")),
    }

    assert api(server).mutate(MEASURE, variables) == {"measure": [3, 5, 1]}
    assert b'filename="a.png"\r\nContent-Type: image/png' in server.last.content
    assert isinstance(variables["cover"], Upload)


def test_files_are_sent_once_where_documents_go_as_hashes(api: Any, server: GraphQLServer) -> None:
    variables = {"photos": [], "cover": Upload(io.BytesIO(b"1"))}

    assert api(server, persisted=True).mutate(MEASURE, variables) == {"measure": [1]}
    assert len(server.requests) == 1


def test_a_batch_takes_no_files(api: Any, server: GraphQLServer) -> None:
    with pytest.raises(ConfigurationError, match="uploads cannot be sent in a batch"):
        api(server).batch([Mutation(MEASURE, {"photos": [Upload(b"123")]})])


# --- Subscriptions -------------------------------------------------------------------------


def results(endpoint: Driven, *arguments: Any, **options: Any) -> list[Any]:
    return list(endpoint.subscribe(*arguments, **options))


class BornNow(BaseModel):
    born: Pet


def test_a_subscription_gives_results_as_they_come(api: Any, server: GraphQLServer) -> None:
    born = results(api(server), BORN, {"count": 3}, response_model=BornNow)

    assert [result.data.born.name for result in born] == ["pet 0", "pet 1", "pet 2"]


def test_a_subscription_whose_events_have_no_names_gives_results_too(api: Any) -> None:
    content = b'data: ping\n\ndata: {"data":{"born":1}}\n\nevent: complete\ndata:\n\n'
    stream = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=content)

    assert [result.data for result in results(api(Server(stream)), BORN)] == [{"born": 1}]


def test_an_error_within_a_subscription_does_not_end_it(api: Any, server: GraphQLServer) -> None:
    born = results(api(server), BORN.replace("name", "owner"), {"count": 3})

    assert [[fault.path for fault in result.errors] for result in born] == [
        [],
        [("born", "owner")],
        [],
    ]


def test_a_subscription_that_is_refused_is_told(api: Any, server: GraphQLServer) -> None:
    with pytest.raises(GraphQLError, match="Cannot query field 'nam'"):
        results(api(server), BORN.replace("name", "nam"), {"count": 3})


def test_a_subscription_is_begun_again_when_the_server_is_busy(
    api: Any, slept: list[float]
) -> None:
    server = GraphQLServer(503)

    assert len(results(api(server, {"retry": AT_ONCE}), BORN, {"count": 2})) == 2


def test_all_of_it_works_over_sockets(connect: Connect, server: GraphQLServer) -> None:
    with over_sockets(server) as url:
        client = connect(base_url=url)
        endpoint = (AsyncGraphQL if connect.is_async else GraphQL)(client._target)
        api = connect.drive(endpoint)

        assert api.query(PET, {"id": "7"}, response_model=PetFound).pet.name == "Rex"
        assert api.mutate(MEASURE, {"photos": [Upload(b"x" * 100_000)]}) == {"measure": [100_000]}
        assert len(results(api, BORN, {"count": 3})) == 3
        client.close()


def test_an_endpoint_shows_where_it_is(connect: Connect, server: GraphQLServer) -> None:
    endpoint = GraphQL(connect(server)._target, "/api")

    assert repr(endpoint) == "<GraphQL /api below https://pets.example/v1>"
