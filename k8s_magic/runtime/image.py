"""What an image is: the record that every file of `images/` exports as IMAGE, and how its tags are described."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from k8s_magic.runtime.filesystem import FileText
from k8s_magic.runtime.process import Program
from k8s_magic.runtime.reference import Reference

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer

Base = Literal["debian", "alpine", "busybox", "none", "any"]
"""Which shell and tools an image brings: "none" has neither; "any" (images we do not know) has all."""

Tags = Callable[[str], bool]
MEBIBYTE = 1 << 20


def exactly(*tags: str) -> Tags:
    """The tags that exist, listed."""
    return frozenset(tags).__contains__


def matching(pattern: str) -> Tags:
    """Tags by a regular expression (matched as a whole): our simplification where the list is long."""
    return lambda tag: re.fullmatch(pattern, tag) is not None


def releases(table: Mapping[str, int], *variants: str, also: tuple[str, ...] = ()) -> Tags:
    """Tags of a project that releases `minor.patch`: `{"1.27": 5}` means 1.27.0 to 1.27.5, 1.27 and 1.

    `variants` are suffixes (`-alpine`) that every version also has; `also` are tags beyond the versions.
    """
    names = {name for minor in table for name in (minor, minor.partition(".")[0])}
    names |= {f"{minor}.{patch}" for minor, last in table.items() for patch in range(last + 1)}
    names |= {f"{name}{variant}" for name in names for variant in variants}
    return frozenset(names | set(also)).__contains__


def any_tag(tag: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """How one image behaves. `programs` are its own executables; its base brings the shell and common tools.

    `repositories` are canonical (`docker.io/library/nginx`). Units: `size` is the compressed size in bytes, as
    containerd reports it; a function of the tag where versions differ.
    """

    repositories: tuple[str, ...]
    size: int | Callable[[str], int]
    tags: Tags = any_tag
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    programs: Mapping[str, Program] = field(default_factory=dict)
    base: Base = "debian"
    tools: tuple[str, ...] = ()  # beyond the base's, of those that the shell knows
    env: Mapping[str, str] = field(default_factory=dict)
    env_of: Callable[[str], Mapping[str, str]] | None = None  # what depends on the tag
    working_dir: str = "/"
    user: str = "root"
    stop_signal: str = "SIGTERM"
    files: Callable[[SimulatedContainer], Mapping[str, FileText]] | None = None
    modelled: bool = True  # False: nothing is known of it; unknown commands run as a plain process

    def size_of(self, tag: str) -> int:
        return self.size(tag) if callable(self.size) else self.size


@dataclass(frozen=True, slots=True)
class ImageVersion:
    """An image at a tag, as a node holds it."""

    image: Image
    reference: Reference
    size: int

    @property
    def tag(self) -> str:
        return self.reference.tag

    @property
    def digest(self) -> str:
        """Its manifest's digest. Our simplification: made from its name, so every tag has its own."""
        if self.reference.digest:
            return self.reference.digest
        name = f"{self.reference.repository}:{self.reference.tag}"
        return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"

    @property
    def image_id(self) -> str:
        return f"{self.reference.repository}@{self.digest}"
