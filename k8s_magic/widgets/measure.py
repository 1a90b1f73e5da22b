"""How wide words are: exactly in columns of a terminal, about in pixels of a picture, whose font is not known here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

# A letter's part of the font size; East Asian characters take all of it. Source: DejaVu Sans, which is wider than
# other systems' fonts, rounded up.
_LETTER = 0.63
_NARROW = dict.fromkeys("iljtfrI.,:;'|!()[]{}/-· ", 0.39)
_BROAD = dict.fromkeys("mwMW@%—…", 0.95)
_LETTERS = {**dict.fromkeys("ABCDEGHKNOQRUVX", 0.74), **_NARROW, **_BROAD}


def columns(text: str) -> int:
    """Columns of a terminal: East Asian characters take two."""
    return sum(2 if _is_wide(each) else 1 for each in text)


def pad(text: str, width: int) -> str:
    """The text and as many spaces as bring it to this many columns."""
    return text + " " * (width - columns(text))


def pixels(text: str, size: float = 12) -> float:
    return size * sum(1.0 if _is_wide(each) else _LETTERS.get(each, _LETTER) for each in text)


def fit(text: str, room: float, size: float = 12, *, keep: str = "start") -> str:
    """The text, or as much of its start (or `end`) as fits into these pixels, with an ellipsis for the rest."""
    if pixels(text, size) <= room:
        return text
    letters = text if keep == "start" else text[::-1]
    left, count = room - size, 0
    for letter in letters:
        left -= pixels(letter, size)
        if left < 0:
            break
        count += 1
    kept = letters[:count]
    return f"{kept.rstrip()}…" if keep == "start" else f"…{kept[::-1].lstrip()}"


def lines(text: str, room: float, size: float = 12, most: int = 2) -> list[str]:
    """The text in lines that fit into these pixels, broken between words and between East Asian characters.

    What does not fit into `most` lines is cut off.
    """
    found = [""]
    for word in _words(text):
        if found[-1] and len(found) < most and pixels((found[-1] + word).rstrip(), size) > room:
            found.append("")
        found[-1] += word
    return [fit(line.strip(), room, size) for line in found]


def _words(text: str) -> Iterator[str]:
    """Pieces that stay together, each with the space behind it. Closing marks begin no line."""
    word = ""
    for place, letter in enumerate(text):
        word += letter
        after = text[place + 1 : place + 2]
        if after in ("、", "。", "）", "」", ")"):
            continue
        if letter == " " or (_is_wide(letter) and letter not in "（「") or (after and _is_wide(after) and after != " "):
            yield word
            word = ""
    if word:
        yield word


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
