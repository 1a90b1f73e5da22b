"""Short and long options of the common tools."""

from __future__ import annotations

from dataclasses import dataclass, field


class BadOption(Exception):
    """An option that the tool does not have; `str()` is what comes after the tool's name."""


@dataclass(slots=True)
class Options:
    flags: dict[str, str] = field(default_factory=dict)  # letter or long name -> value ("" for a plain flag)
    operands: list[str] = field(default_factory=list)

    def __contains__(self, name: str) -> bool:
        return name in self.flags

    def get(self, name: str, default: str = "") -> str:
        return self.flags.get(name, default)

    def set(self, name: str, value: str) -> None:
        """Several scripts or patterns (`-e`) are so many lines; of anything else the last word holds."""
        self.flags[name] = f"{self.flags[name]}\n{value}" if name == "e" and name in self.flags else value


def split(words: list[str], flags: str, valued: str = "", long: dict[str, str] | None = None) -> Options:
    """`flags` and `valued` are letters; `long` maps a long option to its letter (with `=` at the end: valued).

    Raises: BadOption.
    """
    found = Options()
    queue = list(words)
    while queue:
        word = queue.pop(0)
        if word == "--":
            found.operands += queue
            break
        if word.startswith("--") and len(word) > 2:
            name, equals, value = word[2:].partition("=")
            letter = (long or {}).get(name)
            if letter is None:
                raise BadOption(f"unrecognized option '{word}'")
            if letter.endswith("="):
                if not equals:
                    if not queue:
                        raise BadOption(f"option '{word}' requires an argument")
                    value = queue.pop(0)
                letter = letter[:-1]
            found.set(letter, value)
        elif word.startswith("-") and len(word) > 1:
            letters = word[1:]
            while letters:
                letter, letters = letters[0], letters[1:]
                if letter in valued:
                    if not letters and not queue:
                        raise BadOption(f"option requires an argument -- '{letter}'")
                    found.set(letter, letters or queue.pop(0))
                    break
                if letter not in flags:
                    raise BadOption(f"invalid option -- '{letter}'")
                found.flags[letter] = ""
        else:
            found.operands.append(word)
    return found


# Source: GNU sleep(1) and busybox: a number with a suffix.
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> float | None:
    """`30`, `0.5`, `1m`, `infinity`; None when it is no interval."""
    if text in ("infinity", "inf"):
        return float("inf")
    unit = text[-1:] if text[-1:].isalpha() else ""
    number = text[: len(text) - len(unit)]
    if unit not in _UNITS or not number.replace(".", "", 1).isdigit() or len(number) > 15:
        return None
    return float(number) * _UNITS[unit]
