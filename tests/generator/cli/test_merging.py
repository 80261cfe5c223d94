"""Several documents become one SDK."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.generator.cli.command import run, tree

SHOP = """\
openapi: 3.1.0
info: {title: Shop API, version: "1"}
servers: [{url: "https://shop.example"}]
security: [{key: []}]
paths:
  /orders:
    get: {tags: [orders], responses: {"200": {description: All, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Shop}}
  schemas:
    Order: {type: object, properties: {id: {type: integer}, to: {$ref: "#/components/schemas/Address"}}}
    Address: {type: object, properties: {street: {type: string}}}
    Problem: {type: object, properties: {title: {type: string}, cause: {$ref: "#/components/schemas/Problem"}}}
"""  # noqa: E501
BILLING = """\
swagger: "2.0"
info: {title: Billing API, version: "1"}
host: billing.example
schemes: [https]
security: [{key: []}]
securityDefinitions: {key: {type: apiKey, in: header, name: X-Billing}}
paths:
  /bills:
    get: {tags: [bills], responses: {200: {description: All, schema: {$ref: "#/definitions/Bill"}}}}
    post: {tags: [bills], security: [], responses: {400: {description: No, schema: {$ref: "#/definitions/Problem"}}}}
definitions:
  Bill: {type: object, properties: {to: {$ref: "#/definitions/Address"}}}
  Address: {type: object, properties: {iban: {type: string}}}
  Problem: {type: object, description: Told otherwise., properties: {title: {type: string}, cause: {$ref: "#/definitions/Problem"}}}
"""  # noqa: E501


@pytest.fixture(autouse=True)
def documents(folder: Path) -> None:
    (folder / "shop.yaml").write_text(SHOP)
    (folder / "billing.yaml").write_text(BILLING)


def inspected(*arguments: str) -> Any:
    told = run("inspect", *arguments, "--format", "json")
    assert told.code == 0, told.err
    return json.loads(told.out)


def test_operations_of_all_documents_are_there_in_their_order() -> None:
    told = inspected("shop.yaml", "billing.yaml")

    assert [each["call"] for each in told["operations"]] == [
        "orders.list",
        "bills.list",
        "bills.create",
    ]
    assert (told["client"], told["package"]) == ("Shop", "shop")


def test_schemas_that_differ_are_told_apart_and_others_are_one() -> None:
    told = inspected("shop.yaml", "billing.yaml")

    assert [model["name"] for model in told["models"]] == [
        *("Order", "Address", "Problem"),
        *("Bill", "BillingAddress"),
    ]
    assert [each["message"] for each in told["diagnostics"] if each["code"] == "CG261"] == [
        "shop.yaml has another schema 'Address'; this one is called 'BillingAddress'",
        "shop.yaml has another security scheme 'key'; this one is called 'Billing_key'",
    ]


ANSWER = """\
openapi: 3.1.0
info: {title: %s API, version: "1"}
security: [{key: []}]
paths: {/%s: {get: {responses: {"200": {$ref: "#/components/responses/Found"}}}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-%s}}
  responses:
    Found: {description: Found, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}
"""  # noqa: E501


def test_answers_that_are_alike_are_one_model() -> None:
    for name in ("a", "b"):
        Path(f"{name}.yaml").write_text(ANSWER % (name, name, "Key"))

    told = inspected("a.yaml", "b.yaml")

    assert (len(told["models"]), told["diagnostics"]) == (1, [])


def test_credentials_of_three_documents_stay_apart() -> None:
    for name in ("a", "b", "c"):
        Path(f"{name}.yaml").write_text(ANSWER % ("Same" if name > "a" else "One", name, name))

    told = inspected("a.yaml", "b.yaml", "c.yaml")

    assert [each["message"].rpartition(" ")[2] for each in told["diagnostics"]] == [
        "'Same_key'",
        "'Same_key_'",
    ]


def test_the_order_of_documents_decides_on_names() -> None:
    told = inspected("billing.yaml", "shop.yaml")

    assert [model["name"] for model in told["models"]] == [
        *("Bill", "Address", "Problem"),
        *("Order", "ShopAddress"),
    ]


def test_a_renamed_schema_is_configured_by_its_new_name() -> None:
    Path("clientgen.toml").write_text("[models]\nBillingAddress = 'Account'")

    names = [model["name"] for model in inspected("shop.yaml", "billing.yaml")["models"]]

    assert "Account" in names


PROGRAM = """
import httpx
from shop import Shop

def answer(request):
    shown = dict(request.headers)
    print(request.method, request.url, shown.get("x-shop"), shown.get("x-billing"))
    return httpx.Response(200, json={"to": {"iban": "DE1", "street": "High"}})

with Shop(api_key="a", billing_key="b", transport=httpx.MockTransport(answer)) as client:
    print(client.orders.list().to.street)
    print(client.bills.list().to.iban)
    client.bills.create()
"""


def test_each_operation_keeps_its_server_and_its_credentials() -> None:
    run("generate", "shop.yaml", "billing.yaml", "--meta", "none", "-o", ".")

    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )

    assert told.stdout.splitlines() == [
        "GET https://shop.example/orders a None",
        "High",
        "GET https://billing.example/bills None b",
        "DE1",
        "POST https://billing.example/bills None None",
    ]


def test_documents_can_be_configured_and_changes_of_each_are_noticed() -> None:
    Path("sub").mkdir()
    for name in ("shop.yaml", "billing.yaml"):
        Path(name).rename(f"sub/{name}")
    Path("sub/clientgen.toml").write_text(
        "spec = ['shop.yaml', 'billing.yaml']\noutput = '../out'\n"
    )
    generate = ("generate", "-c", "sub/clientgen.toml")
    assert run(*generate).code == 0
    assert run(*generate).err == "sub/../out: nothing has changed since the last time\n"

    Path("sub/billing.yaml").write_text(BILLING.replace("/bills", "/invoices"))

    assert "changed" in run(*generate, "--dry-run").err
    assert run(*generate, "--check").code == 1
    assert run("diff", "out", "-c", "sub/clientgen.toml").out.startswith("breaking: bills.")


def test_another_document_is_another_sdk() -> None:
    run("generate", "shop.yaml", "-o", "out")
    assert not [name for name in tree("out") if "bills" in name]

    told = run("generate", "shop.yaml", "billing.yaml", "-o", "out")

    assert (told.code, [name for name in tree("out") if "resources/bills" in name]) == (
        0,
        ["src/shop/resources/bills.py"],
    )


# --- The same operation twice ----------------------------------------------------------------


@pytest.fixture
def twice() -> None:
    Path("billing.yaml").write_text(BILLING.replace("/bills:", "/orders:"))


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize("command", ["generate", "inspect", "validate"])
def test_an_operation_in_two_documents_is_an_error_with_both_places(command: str) -> None:
    told = run(command, "shop.yaml", "billing.yaml")

    assert (told.code, tree()) == (3, {"shop.yaml", "billing.yaml", "pets.yaml"})
    assert told.err.startswith(
        "billing.yaml:9:5: error CG262: GET /orders is described in shop.yaml:7:5, too; remove one"
    )


def test_paths_that_differ_in_the_names_of_parameters_are_the_same() -> None:
    for name, parameter in {"shop": "{id}", "billing": "{orderId}"}.items():
        text = Path(f"{name}.yaml").read_text()
        Path(f"{name}.yaml").write_text(
            text.replace("/orders:", f"/x/{parameter}:").replace("/bills:", f"/x/{parameter}:")
        )

    assert (
        "error CG262: GET /x/{orderId} is described"
        in run("validate", "shop.yaml", "billing.yaml").err
    )


@pytest.mark.usefixtures("twice")
def test_what_is_left_out_or_removed_by_an_overlay_is_not_there_twice() -> None:
    Path("one.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: One, version: '1'}\nextends: billing.yaml\n"
        "actions: [{target: \"$.paths['/orders'].get\", remove: true}]\n"
    )
    both = ("shop.yaml", "billing.yaml")

    left = inspected(*both, "--exclude-path", "/orders#GET")["operations"]
    mended = inspected(*both, "--overlay", "one.yaml")["operations"]

    assert [each["method"] for each in left] == ["POST"]
    assert [each["method"] for each in mended] == ["GET", "POST"]


# --- What does not fit -----------------------------------------------------------------------


def test_a_list_of_documents_has_texts() -> None:
    Path("clientgen.toml").write_text("spec = ['shop.yaml', 7]")

    assert run("inspect").err == (
        "error: clientgen.toml: spec: give a file or a URL, or a list of them\n"
    )


def test_a_variable_holds_one_document_or_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTGEN_SPEC", "shop.yaml")
    assert len(inspected()["operations"]) == 1

    monkeypatch.setenv("CLIENTGEN_SPEC", '["shop.yaml", "billing.yaml"]')
    assert len(inspected()["operations"]) == 3


def test_a_document_that_is_none_is_told_by_its_name() -> None:
    Path("other.yaml").write_text("a: 1")

    assert run("inspect", "shop.yaml", "other.yaml").err.startswith("other.yaml:1:1: error CG200")


WEBHOOK = """\
openapi: 3.1.0
info: {title: %s, version: "1"}
webhooks:
  %s: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/%s"}}}}}}
paths: {}
components: {schemas: {%s: {type: object, required: [type], properties: {type: {const: %s}}}}}
"""  # noqa: E501


def test_events_of_all_documents_are_one_union() -> None:
    for name in ("Paid", "Sent"):
        Path(f"{name}.yaml").write_text(WEBHOOK % (name, name, name, name, name))

    run("generate", "Paid.yaml", "Sent.yaml", "--meta", "none", "-o", ".", "--package", "events")

    text = Path("events/models/webhook_event.py").read_text()
    assert ("Paid" in text, "Sent" in text) == (True, True)
