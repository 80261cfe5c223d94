"""Dictionaries that calls of Pet Store take in place of models; keys are those of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import NotRequired, TypedDict  # noqa: UP035, RUF100 - not in Python 3.10

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from . import Kind, Tag


class TagDict(TypedDict):
    name: str
    colour: NotRequired[str]


class NewPetDict(TypedDict):
    name: str
    kind: NotRequired[Kind]
    born: NotRequired[date | None]
    tags: NotRequired[Sequence[Tag | TagDict]]


class PetChangesDict(TypedDict):
    name: NotRequired[str]
    born: NotRequired[date | None]
    tags: NotRequired[Sequence[Tag | TagDict]]


class MealDict(TypedDict):
    food: str
    grams: NotRequired[float]


class NewPhotoDict(TypedDict):
    url: str
    caption: NotRequired[str]
