"""SDKs with the command line that the plugin `clientgen-cli` gives them, at work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter

from clientgen_runtime._json import exact_dumps
from clientgen_runtime.cli import run
from tests.generator.cli.command import PETS
from tests.generator.cli.command import run as clientgen
from tests.support.calls import Call, full_call
from tests.support.generated import Sdk, generated
from tests.support.plugins import install_cli_plugin
from tests.support.samples import DOCUMENTS, ROOT, SAMPLES, sample
from tests.support.server import DocumentServer, Received

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

pytestmark = pytest.mark.xdist_group("static")


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        install_cli_plugin(tmp_path_factory.mktemp("plugin"), patch)
        yield


def with_commands(document: str) -> Sdk:
    return generated(SAMPLES / document, "--plugin", "cli")


def data(sdk: Sdk) -> Path:
    return sdk.folder / sdk.name / "cli.json"


def commands(sdk: Sdk) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data(sdk).read_text())["commands"]
    return found


def execute(sdk: Sdk, *arguments: str) -> int:
    client: Any = sdk.client
    return run(client, data(sdk), arguments)


@dataclass
class Shop:
    """Runs commands of the bookshop."""

    server: DocumentServer
    capture: pytest.CaptureFixture[bytes]

    def __call__(self, *arguments: str) -> Any:
        sdk = with_commands("bookshop.yaml")
        names = json.loads(data(sdk).read_text())["credentials"]
        credentials = [part for name in names for part in (_option(name), "secret")]
        code = execute(sdk, "--base-url", self.server.url, *credentials, *arguments)
        sys.stdout.flush()
        out, err = self.capture.readouterr()
        assert code == 0, err.decode()
        return json.loads(out) if out else None

    @property
    def request(self) -> Received:
        """The only request, which the document allows."""
        (request,) = self.server.requests
        assert request.problems == ()
        return request


@pytest.fixture
def shop(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Shop]:
    for name in [name for name in os.environ if name.startswith("BOOKSHOP_")]:
        monkeypatch.delenv(name)
    with DocumentServer(sample("bookshop.yaml")) as server:
        yield Shop(server, capfdbinary)


def test_parameters_of_all_types_are_options(shop: Shop) -> None:
    told = shop(
        *("books", "list", "--genre", "crime", "--genre", "18+", "--in-stock"),
        *("--published-after", "2020-02-01", "--max-price", "12.5", "--sort", "price"),
    )

    assert isinstance(told, list)
    assert sorted(shop.request.query) == [
        *(("genre", "18+"), ("genre", "crime"), ("in_stock", "true"), ("max_price", "12.5")),
        *(("published_after", "2020-02-01"), ("sort", "price")),
    ]


def test_fields_of_a_body_are_options(shop: Shop) -> None:
    shop(
        *("books", "create", "--isbn", "9780141439518", "--title", "Emma"),
        *("--authors", "8c8a3c2e-2b0e-4f3c-9d6e-0a4d1c9c7f11", "--weight", "300"),
        *("--price", '{"amount": "9.99", "currency": "EUR"}', "--published", "1815-12-23"),
    )

    assert shop.request.json == {
        "isbn": "9780141439518",
        "title": "Emma",
        "authors": ["8c8a3c2e-2b0e-4f3c-9d6e-0a4d1c9c7f11"],
        "price": {"amount": "9.99", "currency": "EUR"},
        "published": "1815-12-23",
        "weight": 300,
    }


def test_path_parameters_stand_alone(shop: Shop) -> None:
    told = shop("books", "reviews", "retrieve", "9780141439518", "7")

    assert shop.request.target == "/v1/books/9780141439518/reviews/7"
    assert "stars" in told


def test_whole_bodies_come_from_files(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "stock.json"
    file.write_text('{"berlin": 3}')
    shop("books", "stock", "update", "9780141439518", "--body", f"@{file}")

    assert shop.request.json == {"berlin": 3}


# --- Every operation of every sample ---------------------------------------------------------


def words(call: Call, arguments: dict[str, Any], folder: Path) -> list[str]:
    """A call as it is written on a command line."""
    found = [kebab(part) for part in call.path.split(".")]
    for name, value in call.named.items():
        argument = arguments[name]
        if isinstance(value, bool) and argument.get("kind") == "boolean":
            found.append(_option(name) if value else f"--no-{kebab(name)}")
        else:
            for item in value if argument.get("many") else [value]:  # type: ignore[attr-defined]
                found += [_option(name), text(item, argument.get("kind"), folder)]
    # After `--` nothing is an option, whatever it begins with.
    return [*found, "--", *(text(value, None, folder) for value in call.positional)]


def text(value: Any, kind: str | None, folder: Path) -> str:
    """A value as the text that stands for it."""
    match value:
        case str() if kind not in ("json", "value"):
            return f"@{value}" if value.startswith("@") else value
        case bytes():
            file = folder / f"{len([*folder.iterdir()])}.bin"
            file.write_bytes(value)
            return f"@{file}"
        case date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case timedelta():
            duration: str = TypeAdapter(timedelta).dump_python(value, mode="json")
            return duration
        case _:
            return exact_dumps(value).decode()


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, DocumentServer]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(DocumentServer(sample(name))) for name in DOCUMENTS}


@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_operation_is_called_from_the_command_line(
    document: str,
    servers: dict[str, DocumentServer],
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    sdk, server, bundle = with_commands(document), servers[document], sample(document)
    told: Any = sdk.inspection
    names = json.loads(data(sdk).read_text())["credentials"]
    options = [part for name in names for part in (_option(name), f"a-{name}")]
    wrong = []
    for operation in told["operations"]:
        described = bundle.operation(operation["method"], operation["path"])
        call = full_call(operation, bundle, described, sdk.module)
        given = commands(sdk)[call.path].get("arguments", ())
        line = words(call, {each["name"]: each for each in given}, tmp_path)
        code = execute(sdk, "--base-url", server.url, *options, *line)
        _, err = capfdbinary.readouterr()
        if code or server.last.problems:
            wrong.append((line, err.decode(), server.last.problems))

    assert wrong == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_has_help(
    document: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    sdk = with_commands(document)
    inspection: Any = sdk.inspection
    calls = {operation["call"] for operation in inspection["operations"]}
    assert set(commands(sdk)) == calls

    for call, command in commands(sdk).items():
        assert execute(sdk, *map(kebab, call.split(".")), "--help") == 0
        out = capsys.readouterr().out
        named = [each for each in command.get("arguments", ()) if "positional" not in each]
        assert [e["name"] for e in named if _option(e["name"]) not in out] == []


def kebab(name: str) -> str:
    return name.strip("_").replace("_", "-")


def _option(name: str) -> str:
    return f"--{kebab(name)}"


def test_types_become_kinds() -> None:
    told = commands(with_commands("bookshop.yaml"))
    kinds = {
        argument["name"]: argument
        for call in ("books.list", "books.create", "orders.items.update", "books.stock.update")
        for argument in told[call]["arguments"]
        if argument["name"] in {"genre", "price", "authors", "subtitle", "wrapping", "body"}
    }

    assert kinds["genre"] == {
        "name": "genre",
        "choices": ["novel", "crime", "poetry", "non-fiction", "18+"],
    }
    assert kinds["price"] == {"name": "price", "kind": "json"}
    assert kinds["authors"] == {"name": "authors", "many": True, "kind": "uuid"}
    assert kinds["subtitle"] == {"name": "subtitle", "nullable": True}
    assert kinds["wrapping"] == {"name": "wrapping", "kind": "value"}
    assert kinds["body"] == {"name": "body", "kind": "json", "required": True}


def test_lists_say_that_they_have_pages() -> None:
    told = commands(with_commands("bookshop.yaml"))

    assert (told["books.list"].get("pages"), "pages" in told["orders.list"]) == (True, False)


def test_help_loads_no_models() -> None:
    sdk = with_commands("bookshop.yaml")
    program = (
        "import atexit, runpy, sys\n"
        "atexit.register(lambda: print([m for m in sys.modules if '.models.' in m]))\n"
        "sys.argv = ['shop', 'books', 'create', '--help']\n"
        f"runpy.run_module('{sdk.name}', run_name='__main__')\n"
    )
    path = os.pathsep.join([str(sdk.folder), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "--isbn TEXT" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("pets.yaml").write_text(PETS)
    return tmp_path


def test_a_project_has_the_command_and_an_extra(project: Path) -> None:
    Path("clientgen.toml").write_text('[plugins.cli]\ncommand = "pets"\n')
    assert clientgen("generate", "pets.yaml", "-o", "out").code == 0
    told = tomllib.loads(Path("out/pyproject.toml").read_text())["project"]

    assert told["scripts"] == {"pets": "pet_store.__main__:main"}
    assert told["optional-dependencies"] == {"cli": ["clientgen-runtime[cli]"]}
    assert "pip install './pet-store[cli]'\npets --help" in Path("out/README.md").read_text()


def test_a_command_that_no_shell_could_run_is_refused(project: Path) -> None:
    Path("clientgen.toml").write_text('[plugins.cli]\ncommand = "pets; rm"\n')

    assert "plugins.cli.command: " in clientgen("generate", "pets.yaml").err


def test_titles_do_not_become_code(project: Path) -> None:
    Path("pets.yaml").write_text(PETS.replace("Pet Store", '\'Pets""" + evil \\\''))
    done = clientgen("generate", "pets.yaml", "-o", "out", "--plugin", "cli")
    (main,) = Path("out").rglob("__main__.py")

    assert done.code == 0
    assert 'Pets\\"\\"\\" + evil' in main.read_text()


REAL = ("bikewise.org.json", "mbus.local.json", "surrey.ca__open511.json")


def test_mypy_is_silent_about_command_lines_of_real_documents(tmp_path: Path) -> None:
    folder = Path(os.environ.get("CLIENTGEN_CORPUS", "nowhere"))
    if not folder.is_dir():
        pytest.skip("CLIENTGEN_CORPUS names no folder of documents")
    made = [generated(folder / name, "--plugin", "cli") for name in REAL]
    path = os.pathsep.join([*(str(sdk.folder) for sdk in made), str(ROOT / "runtime")])
    names = [part for sdk in made for part in ("-p", sdk.name)]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", *names],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout + done.stderr == ""
