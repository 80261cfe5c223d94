"""The sample documents are what they say: valid, with examples that meet their schemas."""

import pytest
from openapi_spec_validator import (
    OpenAPIV30SpecValidator,
    OpenAPIV31SpecValidator,
    OpenAPIV32SpecValidator,
)

from tests.support.judge import Judge
from tests.support.samples import DOCUMENTS, SAMPLES, sample
from tests.support.server import declared_answer

VALIDATORS = {
    "3.0": OpenAPIV30SpecValidator,
    "3.1": OpenAPIV31SpecValidator,
    "3.2": OpenAPIV32SpecValidator,
}
CLEAN = [name for name in DOCUMENTS if name not in {"naming.yaml", "dirty.yaml"}]


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_document_is_valid(name: str) -> None:
    root = sample(name).root

    VALIDATORS[str(root["openapi"])[:3]](root).validate()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_declared_answers_meet_their_schemas(name: str) -> None:
    document = sample(name)
    judge = Judge(document)

    for operation in document.operations:
        for status in operation.responses:
            answer = declared_answer(document, operation, status)
            assert judge.answer_problems(operation, answer) == [], (operation.path, status)


def test_the_readme_lists_every_document() -> None:
    text = (SAMPLES / "README.md").read_text()

    assert [name for name in DOCUMENTS if f"]({name})" not in text] == []
