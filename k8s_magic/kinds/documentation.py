"""What Kubernetes' documentation says of types and fields, from the published package that carries it.

The texts are not ours to copy. They are read at run time, when first asked for, from the definitions inside the package
`kubernetes-validate` (the extra `docs`): from that one file, with nothing of the package imported. It has a folder for
each minor version of Kubernetes; that of the server is taken, else the nearest, and of two that are equally near the
newer. A package that is absent or cannot be read has no texts.

The package has no meanings of enumerated values, which the API server adds to a field's text. The values are known to
us and are listed in the form in which the server lists values that nobody commented.
Source: kube-openapi/pkg/generators/enum.go
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

PACKAGE = "kubernetes_validate"
FOLDER = "kubernetes-json-schema"
FILE = "_definitions.json"
_VERSIONED = re.compile(r"v(\d+)\.(\d+)\.(\d+)-local", re.ASCII)
POSSIBLE = "\n\nPossible enum values:"

# A type's own text, and those of its fields.
Told = tuple[str, dict[str, str]]
_NOTHING: Told = ("", {})


class Texts:
    """The texts of one version by the types' names in OpenAPI. False where there are none."""

    __slots__ = ("_types",)

    def __init__(self, types: Mapping[str, Told]) -> None:
        self._types = types

    def __bool__(self) -> bool:
        return bool(self._types)

    def of_type(self, name: str) -> str:
        return self._types.get(name, _NOTHING)[0]

    def of_field(self, name: str, field: str, values: Iterable[str] = (), *, apart: bool = False) -> str:
        """`values`: what the field may be. `apart`: an empty line more stands before them."""
        text = self._types.get(name, _NOTHING)[1].get(field, "")
        listed = "".join(f"\n - `{json.dumps(value)}`" for value in values)
        between = "\n" if apart else ""
        return text + between + POSSIBLE + listed if text and listed else text


def of(version: Mapping[str, str]) -> Texts:
    """Shape: `major` and `minor` of /version; a server that somebody changed adds a plus."""
    path = _nearest(int(version["major"]), int(version["minor"].rstrip("+")))
    if path is not None:
        try:
            return _read(path)
        except (OSError, ValueError, TypeError, AttributeError):
            pass  # another release of the package may be of another shape
    return Texts({})


def _nearest(major: int, minor: int) -> Path | None:
    """The definitions of the version that is nearest. None without the package."""
    found = importlib.util.find_spec(PACKAGE)
    best: tuple[int, int, int, int, Path] | None = None
    for place in (found.submodule_search_locations if found is not None else None) or ():
        for folder in Path(place, FOLDER).glob("v*-local"):
            match = _VERSIONED.fullmatch(folder.name)
            if match is not None:
                found_major, found_minor, patch = map(int, match.groups())
                away = abs(found_major - major), abs(found_minor - minor), -found_minor, -patch
                best = min(best or (*away, folder), (*away, folder))
    return best[-1] / FILE if best is not None else None


@cache
def _read(path: Path) -> Texts:
    definitions = json.loads(path.read_text(encoding="utf-8")).get("$defs", {})
    return Texts(
        {
            name: (
                told.get("description", ""),
                {field: each.get("description", "") for field, each in told.get("properties", {}).items()},
            )
            for name, told in definitions.items()
        }
    )
