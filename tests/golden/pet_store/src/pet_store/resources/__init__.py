"""The resources of Pet Store; each is loaded when it is first used."""
