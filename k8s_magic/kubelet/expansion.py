"""`$(NAME)` in commands, arguments and variables: replaced where NAME is known, left where not, `$$` is one `$`.

Source: third_party/forked/golang/expansion/expand.go
"""

from __future__ import annotations

from collections.abc import Mapping


def expand(text: str, *known: Mapping[str, str]) -> str:
    if "$" not in text:
        return text
    found: list[str] = []
    position, start = 0, 0
    while position < len(text) - 1:
        if text[position] != "$":
            position += 1
            continue
        found.append(text[start:position])
        following = text[position + 1]
        if following == "$":
            found.append("$")
            position += 2
        elif following == "(":
            end = text.find(")", position + 2)
            if end < 0:
                found.append("$(")
                position += 2
            else:
                found.append(_value(text[position + 2 : end], known))
                position = end + 1
        else:
            found.append("$" + following)
            position += 2
        start = position
    found.append(text[start:])
    return "".join(found)


def _value(name: str, known: tuple[Mapping[str, str], ...]) -> str:
    for names in known:
        if name in names:
            return names[name]
    return f"$({name})"
