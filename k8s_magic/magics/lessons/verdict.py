"""What a check says about an answer: one friendly sentence in each language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from k8s_magic.magics.lessons.reader import Reader


class State(Enum):
    RIGHT = "right"
    MISSING = "missing"
    COMING = "coming"  # nothing is missing but time: the cluster is on its way there


@dataclass(frozen=True, slots=True)
class Verdict:
    """Shape: `texts` by language, "en" and "ja"."""

    state: State
    texts: dict[str, str]


def right(en: str, ja: str) -> Verdict:
    return Verdict(State.RIGHT, {"en": en, "ja": ja})


def missing(en: str, ja: str) -> Verdict:
    return Verdict(State.MISSING, {"en": en, "ja": ja})


def coming(en: str, ja: str) -> Verdict:
    return Verdict(State.COMING, {"en": en, "ja": ja})


# The words are what stands behind the question's name in the line.
Check = Callable[[Reader, list[str]], Verdict]


@dataclass(frozen=True, slots=True)
class Lesson:
    """The record that each lesson's file exports as LESSON. Shape: `checks` by question, in the lesson's order."""

    number: int
    titles: dict[str, str]
    checks: dict[str, Check] = field(default_factory=dict)
