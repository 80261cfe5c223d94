"""The models of Pet Store; each is loaded when it is first used."""

from typing import TYPE_CHECKING

from clientgen_runtime.sdk import exports

if TYPE_CHECKING:
    from .health_retrieve_response import (
        HealthRetrieveResponse as HealthRetrieveResponse,
    )
    from .kind import Kind as Kind
    from .meal import Meal as Meal
    from .meal_report import MealReport as MealReport
    from .new_pet import NewPet as NewPet
    from .new_photo import NewPhoto as NewPhoto
    from .pet import Pet as Pet
    from .pet_changes import PetChanges as PetChanges
    from .photo import Photo as Photo
    from .problem import Problem as Problem
    from .tag import Tag as Tag

else:
    __getattr__, __dir__ = exports(
        __name__,
        {
            "kind": "Kind",
            "tag": "Tag",
            "new_pet": "NewPet",
            "pet": "Pet",
            "pet_changes": "PetChanges",
            "meal": "Meal",
            "meal_report": "MealReport",
            "new_photo": "NewPhoto",
            "photo": "Photo",
            "problem": "Problem",
            "health_retrieve_response": "HealthRetrieveResponse",
        },
        "inputs",
    )
