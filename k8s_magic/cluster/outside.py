"""Requests from outside the cluster: what %curl does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from k8s_magic.cluster.wiring import Parts
from k8s_magic.kubectl.streams import Forward

Write = Callable[[str, str], None]


def curl(parts: Parts, words: Sequence[str], forwards: Mapping[int, Forward], write: Write) -> int:
    raise NotImplementedError


def request(parts: Parts, words: Sequence[str]) -> Any:
    raise NotImplementedError
