"""FNV-1 over the dump of a template, spelled in letters that make no words."""

from __future__ import annotations

from typing import Any

from k8s_magic.controllers._template_hash import dump
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.streams import NAME_ALPHABET

# Source: Go's hash/fnv New32a
OFFSET = 2166136261
PRIME = 16777619
# Templates whose hash is kept: more than a rollout ever looks at, few enough to forget.
KEPT = 256


def fnv32a(data: bytes) -> int:
    state = OFFSET
    for byte in data:
        state = ((state ^ byte) * PRIME) & 0xFFFFFFFF
    return state


def safe_encode(text: str) -> str:
    """Source: apimachinery/pkg/util/rand SafeEncodeString."""
    return "".join([NAME_ALPHABET[ord(letter) % len(NAME_ALPHABET)] for letter in text])


def compute_hash(template: Object, collision_count: int | None = None) -> str:
    """Shape: `template` is a defaulted PodTemplateSpec in wire form."""
    data = dump.pod_template(template).encode()
    if collision_count is not None:
        data += (collision_count & 0xFFFFFFFF).to_bytes(8, "little")
    return safe_encode(str(fnv32a(data)))


class TemplateHashes:
    """Hashes by the identity of stored templates, which never change; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int | None], tuple[Any, str]] = {}

    def hash_of(self, template: Object, collision_count: int | None = None) -> str:
        """The entry holds the template, so its identity cannot be taken by another object meanwhile."""
        key = (id(template), collision_count)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (template, compute_hash(template, collision_count))
            if len(self._known) > KEPT:
                del self._known[next(iter(self._known))]
        return known[1]
