"""Named random streams: a new draw in one place shifts no other."""

from __future__ import annotations

import hashlib
import random

# Kubernetes draws names from letters and digits that cannot spell words.
# Source: apimachinery/pkg/util/rand/rand.go
NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


class Streams:
    """The streams of one seed. The same seed and name give the same draws, in any order of first use."""

    __slots__ = ("_streams", "seed")

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: dict[str, random.Random] = {}

    def stream(self, name: str) -> random.Random:
        """The stream of a name, e.g. `stream("kubelet/node-1")`; made at first use and kept."""
        stream = self._streams.get(name)
        if stream is None:
            digest = hashlib.sha256(f"{self.seed}/{name}".encode()).digest()
            stream = self._streams[name] = random.Random(int.from_bytes(digest[:16], "big"))
        return stream


def name_suffix(stream: random.Random, length: int = 5) -> str:
    """Random characters as Kubernetes appends them to a generateName."""
    draw = stream.random
    return "".join([NAME_ALPHABET[int(draw() * 27)] for _ in range(length)])


def uid(stream: random.Random) -> str:
    """A version 4 UUID in its text form."""
    text = f"{stream.getrandbits(128):032x}"
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"
