"""Is a text a cron schedule? In the words of the parser that Kubernetes uses.

Source: github.com/robfig/cron/v3 parser.go (ParseStandard)
"""

from __future__ import annotations

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = {name: number for number, name in enumerate(_MONTHS, 1)}
DAYS = {name: number for number, name in enumerate(_DAYS)}
BOUNDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, MONTHS),
    (0, 6, DAYS),
)
DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_DURATION = re.compile(r"([-+]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+")


def error(text: str) -> str:
    """ "" for a schedule, else what is wrong with it."""
    rest = text
    if rest.startswith(("TZ=", "CRON_TZ=")):
        _, _, rest = rest.partition(" ")
        rest = rest.strip()
    if rest.startswith("@"):
        return _descriptor(rest)
    fields = rest.split()
    if len(fields) != len(BOUNDS):
        return f"expected exactly {len(BOUNDS)} fields, found {len(fields)}: [{' '.join(fields)}]"
    for part, bounds in zip(fields, BOUNDS, strict=True):
        for expression in part.split(","):
            wrong = _range(expression, bounds)
            if wrong:
                return wrong
    return ""


def _descriptor(text: str) -> str:
    if text in DESCRIPTORS:
        return ""
    if text.startswith("@every "):
        if _DURATION.fullmatch(text.removeprefix("@every ")):
            return ""
        duration = text.removeprefix("@every ")
        return f'failed to parse duration {text}: time: invalid duration "{duration}"'
    return f"unrecognized descriptor: {text}"


def _range(expression: str, bounds: tuple[int, int, dict[str, int]]) -> str:
    low, high, names = bounds
    parts = expression.split("/")
    ends = parts[0].split("-")
    start, end = low, high
    if ends[0] not in ("*", "?"):
        if len(ends) > 2:
            return f"too many hyphens: {expression}"
        start, wrong = _number(ends[0], names)
        if wrong:
            return wrong
        end = start
        if len(ends) == 2:
            end, wrong = _number(ends[1], names)
            if wrong:
                return wrong
    step = 1
    if len(parts) == 2:
        step, wrong = _number(parts[1], {})
        if wrong:
            return wrong
        if len(ends) == 1:
            end = high
    elif len(parts) > 2:
        return f"too many slashes: {expression}"
    if start < low:
        return f"beginning of range ({start}) below minimum ({low}): {expression}"
    if end > high:
        return f"end of range ({end}) above maximum ({high}): {expression}"
    if start > end:
        return f"beginning of range ({start}) beyond end of range ({end}): {expression}"
    if step == 0:
        return f"step of range should be a positive number: {expression}"
    return ""


def _number(text: str, names: dict[str, int]) -> tuple[int, str]:
    named = names.get(text.lower())
    if named is not None:
        return named, ""
    if re.fullmatch(r"[-+]?\d+", text):
        number = int(text)
        return (number, "") if number >= 0 else (0, f"negative number ({number}) not allowed: {text}")
    return 0, f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax'
