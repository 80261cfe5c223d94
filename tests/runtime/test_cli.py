"""The command line of an SDK: what it reads, calls and prints."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

from clientgen_runtime import Client, sdk

pytest.importorskip("typer")

from clientgen_runtime.cli import run

LIST: sdk.Operation[list[Any]] = sdk.Operation(
    "GET",
    "/pets",
    {"200": lambda: list[Any]},
    pages=sdk.Pages("page", request="page"),
)
PAGES = {"": [1, 2], "2": [3, 4], "3": []}
CREATE: sdk.Operation[Any] = sdk.Operation(
    "POST", "/pets", {"200": lambda: Any}, body=sdk.Body(lambda: Any)
)
SHOW: sdk.Operation[Any] = sdk.Operation("GET", "/pets/{id}", {"200": lambda: Any})
FIND: sdk.Operation[Any] = sdk.Operation("GET", "/found", {"200": lambda: Any})
PHOTO: sdk.Operation[bytes] = sdk.Operation("GET", "/photo", {"200": {"image/png": lambda: bytes}})
WATCH: sdk.Operation[Any] = sdk.Operation(
    "GET", "/feed", {"200": {"text/event-stream": lambda: Any}}
)
DROP: sdk.Operation[None] = sdk.Operation("DELETE", "/pets/{id}", {"204": {}})
PNG = b"\x89PNG\r\n\xff"

asked: list[httpx.Request] = []


def answer(request: httpx.Request) -> httpx.Response:
    asked.append(request)
    match request.method, request.url.path:
        case "GET", "/pets":
            return httpx.Response(200, json=PAGES[request.url.params.get("page", "")])
        case "GET", "/pets/7":
            return httpx.Response(200, content=b'{"id": 7, "weight": 1.50}')
        case "GET", "/found":
            return httpx.Response(200, json=dict(request.url.params.multi_items()))
        case "GET", "/photo":
            return httpx.Response(200, content=PNG, headers={"Content-Type": "image/png"})
        case "GET", "/feed":
            events = b'data: {"id": 1}\n\ndata: {"id": 2}\n\n'
            return httpx.Response(
                200, content=events, headers={"Content-Type": "text/event-stream"}
            )
        case "POST", "/pets":
            return httpx.Response(200, content=request.content)
        case "GET", "/pets/9":
            return httpx.Response(200, json={"name": "\x9b31m"})
        case "GET", "/pets/10":
            return httpx.Response(403, json={"message": "\x1b[2J"})
        case "DELETE", _:
            return httpx.Response(204)
        case _:
            return httpx.Response(404, json={"message": "no such pet", "code": 12})


class Photos(sdk.Resource):
    """What pets look like."""

    def show(self) -> bytes:
        """Show [bold]a photo[/bold]."""
        return self._call(PHOTO)


class Pets(sdk.Resource):
    """All about pets."""

    @cached_property
    def photos(self) -> Photos:
        """Photos of pets."""
        return Photos(self._client)

    def list(self, *, limit: int | sdk.Omit = sdk.OMIT) -> sdk.Page[Any, Any]:
        """List the pets.

        The newest come first.

        Args:
            limit: Pets on a page.

        Raises:
            HTTPError: What went wrong.
        """
        return self._pages(LIST, query={"limit": limit})

    def create(self, *, body: object = sdk.OMIT, **fields: Any) -> Any:
        return self._call(CREATE, fields=fields, body=body)

    def retrieve(self, pet_id: int) -> Any:
        return self._call(SHOW, path=(pet_id,))

    def find(self, **query: Any) -> Any:
        return self._call(FIND, query=query)

    def watch(self) -> sdk.Stream[Any]:
        return self._stream(WATCH)

    def drop(self, pet_id: int) -> None:
        return self._call(DROP, path=(pet_id,))


class PetStore(Client):
    """A shop.

    It sells pets.
    """

    def __init__(self, *, api_key: str | None = None, **options: Any) -> None:
        """Make a client.

        Args:
            api_key: The key of a visitor; `SHOP_KEY` when not given.
        """
        headers = {**options.pop("headers", {}), **({"X-Key": api_key} if api_key else {})}
        options.setdefault("base_url", "https://pets.example")
        transport = httpx.MockTransport(answer)
        super().__init__(transport=transport, retry=None, headers=headers, **options)

    @cached_property
    def pets(self) -> Pets:
        """All about pets."""
        return Pets(self)

    def ping_(self) -> Any:
        """Say hello."""
        return self._call(FIND)


ID = {"name": "pet_id", "kind": "integer", "positional": True, "required": True}
DATA = {
    "name": "shop",
    "base_url": "SHOP_URL",
    "credentials": {"api_key": "SHOP_KEY"},
    "commands": {
        "pets.list": {"arguments": [{"name": "limit", "kind": "integer"}], "pages": True},
        "pets.create": {
            "arguments": [
                {"name": "name"},
                {"name": "born", "kind": "date", "nullable": True},
                {"name": "tags", "kind": "json", "many": True},
                {"name": "size", "kind": "value"},
                {"name": "price", "kind": "decimal"},
                {"name": "gentle", "kind": "boolean"},
                {"name": "photo", "kind": "bytes"},
                {"name": "body", "kind": "json"},
            ]
        },
        "pets.retrieve": {"arguments": [ID]},
        "pets.find": {
            "arguments": [
                {"name": "from_", "kind": "date", "required": True},
                {"name": "kind", "choices": ["dog", "cat"]},
                {"name": "legs", "kind": "integer", "choices": [2, 4]},
                {"name": "color", "kind": "value", "choices": ["red"]},
                {"name": "raw"},
            ]
        },
        "pets.watch": {},
        "pets.drop": {"arguments": [ID]},
        "pets.photos.show": {},
        "ping_": {},
    },
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "90")
    for name in ("SHOP_KEY", "SHOP_URL"):
        monkeypatch.delenv(name, raising=False)
    Path("cli.json").write_text(json.dumps(DATA))
    asked.clear()


class Told:
    """What a command printed."""

    def __init__(self, code: int, out: bytes, err: str) -> None:
        self.code, self.bytes, self.err = code, out, err
        self.out = out.decode(errors="replace")

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Shop = Callable[..., Told]


@pytest.fixture
def shop(capfdbinary: pytest.CaptureFixture[bytes]) -> Shop:
    def call(*arguments: str) -> Told:
        code = run(PetStore, Path("cli.json"), arguments)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Told(code, out, err.decode())

    return call


def test_a_call_is_a_command_and_its_result_json(shop: Shop) -> None:
    told = shop("pets", "retrieve", "7")

    assert (told.code, told.out) == (0, '{"id":7,"weight":1.5}\n')


def test_calls_of_the_client_itself_are_commands(shop: Shop) -> None:
    assert shop("ping").json == {}


def test_results_are_laid_out_on_a_terminal(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    assert shop("pets", "retrieve", "7").out == '{\n  "id": 7,\n  "weight": 1.5\n}\n'


def test_what_has_no_result_prints_nothing(shop: Shop) -> None:
    told = shop("pets", "drop", "7")

    assert (told.code, told.out) == (0, "")


def test_bytes_are_printed_as_they_are(shop: Shop) -> None:
    assert shop("pets", "photos", "show").bytes == PNG


def test_raw_prints_the_body_as_it_came(shop: Shop) -> None:
    assert shop("pets", "retrieve", "7", "--raw").out == '{"id": 7, "weight": 1.50}'


# --- Values ----------------------------------------------------------------------------------


def test_fields_are_options(shop: Shop) -> None:
    told = shop("pets", "create", "--name", "Rex", "--born", "2024-05-17", "--price", "1.50")

    assert told.code == 0
    assert asked[0].content == b'{"name":"Rex","born":"2024-05-17","price":1.50}'


def test_lists_are_repeated_and_objects_are_json(shop: Shop) -> None:
    told = shop("pets", "create", "--tags", '{"a": 1}', "--tags", "[2]")

    assert told.json == {"tags": [{"a": 1}, [2]]}


def test_switches_are_on_off_or_not_sent(shop: Shop) -> None:
    assert shop("pets", "create", "--gentle").json == {"gentle": True}
    assert shop("pets", "create", "--no-gentle").json == {"gentle": False}


def test_null_stands_for_null_where_that_is_allowed(shop: Shop) -> None:
    assert shop("pets", "create", "--born", "null").json == {"born": None}
    assert shop("pets", "create", "--name", "null").json == {"name": "null"}


def test_values_of_several_types_are_json_or_texts(shop: Shop) -> None:
    assert shop("pets", "create", "--size", "12").json == {"size": 12}
    assert shop("pets", "create", "--size", "big").json == {"size": "big"}


def test_numbers_keep_their_digits(shop: Shop) -> None:
    shop("pets", "create", "--size", "0.10000000000000000001")

    assert asked[0].content == b'{"size":0.10000000000000000001}'


def test_the_whole_body_is_given_as_json(shop: Shop) -> None:
    assert shop("pets", "create", "--body", '{"name": "Rex"}').json == {"name": "Rex"}


def test_a_value_is_read_from_a_file(shop: Shop) -> None:
    Path("pet.json").write_text('{"name": "Rex"}')
    Path("name.txt").write_text("Rex")

    assert shop("pets", "create", "--body", "@pet.json").json == {"name": "Rex"}
    assert shop("pets", "create", "--name", "@name.txt").json == {"name": "Rex"}
    assert shop("pets", "create", "--name", "@@rex").json == {"name": "@rex"}


def test_a_value_is_read_from_standard_input(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"name": "Rex"}')))

    assert shop("pets", "create", "--body", "@-").json == {"name": "Rex"}


def test_names_are_those_of_the_call_without_underscores(shop: Shop) -> None:
    told = shop("pets", "find", "--from", "2024-05-17", "--kind", "dog", "--legs", "4")

    assert told.json == {"from_": "2024-05-17", "kind": "dog", "legs": "4"}


def test_open_choices_take_other_values(shop: Shop) -> None:
    assert shop("pets", "find", "--from", "2024-05-17", "--color", "sky").json["color"] == "sky"


def test_arguments_win_over_options_of_every_command(shop: Shop) -> None:
    told = shop("pets", "find", "--from", "2024-05-17", "--raw", "meat", "--raw-body")

    assert told.json == {"from_": "2024-05-17", "raw": "meat"}


MISTAKES = {
    ("pets", "retrieve", "x"): "Invalid value for PET_ID: 'x': input should be a valid integer",
    ("pets", "create", "--tags", "{"): "Invalid value for --tags: '{' is no JSON",
    ("pets", "create", "--name", "@lost"): "Invalid value for --name: cannot read 'lost'",
    ("pets", "find", "--from", "now"): "Invalid value for --from: 'now'",
    ("pets", "find", "--from", "2024-05-17", "--kind", "cow"): "'cow' is none of dog, cat",
    ("pets", "find"): "Missing option '--from'",
    ("pets", "lsit"): "No such command 'lsit'",
    ("--header", "x", "ping"): "write it like 'Name: value'",
}


@pytest.mark.parametrize(("arguments", "message"), MISTAKES.items(), ids=" ".join)
def test_mistakes_are_told_before_anything_is_sent(
    arguments: tuple[str, ...], message: str, shop: Shop
) -> None:
    told = shop(*arguments)

    assert (told.code, asked) == (2, [])
    assert message in told.err


# --- Lists and streams -----------------------------------------------------------------------


def test_a_list_shows_its_first_page(shop: Shop) -> None:
    told = shop("pets", "list", "--limit", "2")

    assert told.json == [1, 2]
    assert [str(request.url.query) for request in asked] == ["b'limit=2'"]


def test_all_pages_are_one_array(shop: Shop) -> None:
    assert shop("pets", "list", "--all").json == [1, 2, 3, 4]


def test_a_list_ends_where_enough_is_shown(shop: Shop) -> None:
    assert shop("pets", "list", "--max-items", "2").json == [1, 2]
    assert len(asked) == 1
    assert shop("pets", "list", "--max-items", "0").json == []


def test_items_of_a_stream_are_lines(shop: Shop) -> None:
    assert shop("pets", "watch").out == '{"id":1}\n{"id":2}\n'


# --- Clients ---------------------------------------------------------------------------------


def test_credentials_are_options(shop: Shop) -> None:
    shop("--api-key", "k1", "ping")

    assert asked[0].headers["X-Key"] == "k1"


def test_credentials_and_server_come_from_the_environment(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", "k2")
    monkeypatch.setenv("SHOP_URL", "https://other.example/v1")
    shop("ping")

    assert asked[0].headers["X-Key"] == "k2"
    assert str(asked[0].url) == "https://other.example/v1/found"


def test_further_headers_are_sent(shop: Shop) -> None:
    shop("--header", "X-Tenant: shop: 7", "--timeout", "5", "ping")

    assert asked[0].headers["X-Tenant"] == "shop: 7"


def test_what_the_server_refuses_is_told_with_its_answer(shop: Shop) -> None:
    told = shop("pets", "retrieve", "8")

    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("error: GET https://pets.example/pets/8: 404 Not Found")
    assert json.loads(told.err.partition("\n")[2]) == {"message": "no such pet", "code": 12}


def test_servers_do_not_command_the_terminal(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    assert "\x1b" not in shop("pets", "retrieve", "10").err
    assert json.loads(shop("pets", "retrieve", "9").bytes) == {"name": "\x9b31m"}
    assert "\x9b" not in shop("pets", "retrieve", "9").out


# --- Help ------------------------------------------------------------------------------------


def test_help_is_what_docstrings_say(shop: Shop) -> None:
    whole, pets = shop("--help"), shop("pets", "--help")

    assert "It sells pets." in whole.out
    # Older releases of Typer escape the bracket.
    words = " ".join(whole.out.replace("\\[", "[").split())
    assert "The key of a visitor. [env var: SHOP_KEY]" in words
    assert "All about pets." in whole.out
    assert "Photos of pets." in pets.out


def test_help_of_a_command_tells_of_its_arguments(shop: Shop) -> None:
    told = shop("pets", "list", "--help").out

    assert "The newest come first." in told
    assert "Pets on a page." in told
    assert "HTTPError" not in told


def test_texts_of_the_document_are_no_markup(shop: Shop) -> None:
    assert "[bold]a photo[/bold]" in shop("pets", "photos", "show", "--help").out


def test_nothing_is_sent_for_help(shop: Shop) -> None:
    shop("pets", "list", "--help")

    assert asked == []


def process(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """The command line in a process of its own."""
    program = (
        "from pathlib import Path; from clientgen_runtime.cli import run\n"
        "from tests.runtime.test_cli import PetStore\n"
        "raise SystemExit(run(PetStore, Path('cli.json')))"
    )
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_shells_complete_commands_and_choices() -> None:
    asking = {"_SHOP_COMPLETE": "complete_bash", "COMP_WORDS": "shop pets find --kind d"}
    with process(**asking, COMP_CWORD="4") as shell:
        told, _ = shell.communicate()

    assert told.split() == [b"dog"]


def test_a_missing_typer_is_told(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    for name in [each for each in sys.modules if each.startswith("clientgen_runtime.cli._app")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "typer", None)

    assert run(PetStore, Path("cli.json"), ["ping"]) == 1
    assert "pip install 'clientgen-runtime[cli]'" in capsys.readouterr().err


def test_files_to_upload_are_paths() -> None:
    from clientgen_runtime.cli._data import Argument
    from clientgen_runtime.cli._values import read

    Path("photo.png").write_bytes(PNG)
    photo = Argument("photo", "file")

    assert read("photo.png", photo) == read("@photo.png", photo) == Path("photo.png")
    with pytest.raises(ValueError, match=r"there is no file 'lost\.png'"):
        read("lost.png", photo)


def test_a_reader_that_goes_away_is_no_failure_to_tell_of() -> None:
    with process("pets", "list", "--all") as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.close()
        told = command.stderr.read()

    assert told == b""
