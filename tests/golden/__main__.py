"""Write the golden packages anew: `poe golden`."""

import shutil

from tests.golden import FOLDER, NAMES, generated


def main() -> None:
    """Replace every golden package."""
    for name in NAMES:
        files = generated(name)
        shutil.rmtree(FOLDER / name, ignore_errors=True)
        for path, text in files.items():
            target = FOLDER / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")


main()
