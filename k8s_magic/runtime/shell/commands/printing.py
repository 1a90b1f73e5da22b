"""echo, printf, seq, yes: what prints its arguments."""

from __future__ import annotations

import re

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.process import Steps
from k8s_magic.runtime.shell.options import seconds
from k8s_magic.runtime.shell.words import unescape
from k8s_magic.sim.time import MILLISECOND


def echo(call: Call) -> int:
    """dash's echo reads escapes always and knows only -n; bash's and busybox's read -e."""
    words = call.argv[1:]
    end, escapes = "\n", False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        if "n" in words[0]:
            end = ""
        escapes = escapes or "e" in words[0]
        words = words[1:]
    text = " ".join(words)
    if escapes:
        text, cut, _ = text.partition("\\c")
        text = unescape(text)
        end = "" if cut else end
    call.out(text + end)
    return 0


_DIRECTIVE = re.compile(r"%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?([a-zA-Z%])")


def printf(call: Call) -> int:
    if len(call.argv) < 2:
        call.err(f"{call.name}: usage: printf format [arguments]\n")
        return 2
    words = call.argv[1:]
    if words[0] == "--":
        words = words[1:]
    template, values = words[0], words[1:]
    status = 0
    out: list[str] = []
    while True:
        used, bad, text = _format(template, values)
        out.append(text)
        if bad:
            status = 1
            call.err(f"{call.name}: {bad}: invalid number\n")
        values = values[used:]
        if not values or not used:
            break
    call.out("".join(out))
    return status


def _format(template: str, values: list[str]) -> tuple[int, str, str]:
    """One pass over the format: how many values it took, a value that was no number, the text."""
    used, bad = 0, ""
    out: list[str] = []
    position = 0

    def take() -> str:
        nonlocal used
        value = values[used] if used < len(values) else ""
        used += 1
        return value

    for found in _DIRECTIVE.finditer(template):
        out.append(unescape(template[position : found.start()]))
        position = found.end()
        flags, width, precision, kind = found[1], found[2] or "", found[3], found[4]
        if kind == "%":
            out.append("%")
            continue
        width = take() if width == "*" else width
        precision = take() if precision == "*" else precision
        if len(width) > 3 or len(precision or "") > 3:
            width = precision = ""
        value = take()
        if kind in "sbcq":
            text = unescape(value) if kind == "b" else value[:1] if kind == "c" else value
            if precision is not None:
                text = text[: int(precision or 0)]
            number = int(width or 0)
            out.append(text.ljust(number) if "-" in flags else text.rjust(number))
        elif kind in "diouxXfeEgG":
            real = kind in "feEgG"
            try:
                figure = float(value or 0) if real else _integer(value)
            except (ValueError, OverflowError):
                bad, figure = value, 0
            spec = (
                f"%{flags}{width}"
                + (f".{precision}" if precision is not None else "")
                + ("d" if kind in "iu" else kind)
            )
            out.append(spec % figure)
        else:
            out.append(found[0])
    out.append(unescape(template[position:]))
    return used, bad, "".join(out)


def _integer(text: str) -> int:
    text = text.strip() or "0"
    if text[:1] in "'\"":
        return ord(text[1:2] or "\0")
    if len(text) > 25:
        raise ValueError(text)
    return int(text, 8) if re.fullmatch(r"[-+]?0[0-7]+", text) else int(text, 0)


def seq(call: Call) -> Steps | int:
    words = call.argv[1:]
    separator = "\n"
    width = False
    while words and re.match(r"-[sw]", words[0]):
        if words[0].startswith("-s"):
            separator = words[0][2:] or (words.pop(1) if len(words) > 1 else "")
        else:
            width = True
        words = words[1:]
    for word in words:
        if not re.fullmatch(r"[-+]?\d{1,15}(\.\d{1,6})?", word):
            call.err(f"{call.name}: invalid floating point argument: '{word}'\n")
            return 1
    if not 1 <= len(words) <= 3:
        call.err(f"{call.name}: missing operand\n")
        return 1
    numbers = [float(word) for word in words]
    first = numbers[0] if len(numbers) > 1 else 1.0
    step = numbers[1] if len(numbers) == 3 else 1.0
    if step == 0:
        call.err(f"{call.name}: invalid Zero increment value: '{words[1]}'\n")
        return 1
    places = max(len(word.partition(".")[2]) for word in words)
    digits = max(len(f"{first:.{places}f}"), len(f"{numbers[-1]:.{places}f}")) if width else 0
    return _count(call, first, step, numbers[-1], places, digits, separator)


def _count(call: Call, first: float, step: float, last: float, places: int, digits: int, separator: str) -> Steps:
    total = int((last - first) / step + 1e-9) + 1
    for start in range(0, total, 1000):
        block = [f"{first + index * step:.{places}f}".zfill(digits) for index in range(start, min(start + 1000, total))]
        end = "\n" if start + 1000 >= total else separator
        call.out(separator.join(block) + end)
        if start + 1000 < total:
            yield MILLISECOND
    return 0


def yes(call: Call) -> Steps:
    line = " ".join(call.argv[1:] or ["y"]) + "\n"
    while True:
        call.out(line * 100)
        yield MILLISECOND


def sleep(call: Call) -> Steps | int:
    if len(call.argv) < 2:
        call.err(f"{call.name}: missing operand\n")
        return 1
    total = 0.0
    for word in call.argv[1:]:
        span = seconds(word)
        if span is None:
            call.err(f"{call.name}: invalid time interval '{word}'\n")
            return 1
        total += span
    return _sleep(total)


def _sleep(span: float) -> Steps:
    if span == float("inf"):
        while True:
            yield None
    yield round(span * 1_000_000)
    return 0


COMMANDS = {"echo": echo, "printf": printf, "seq": seq, "yes": yes, "sleep": sleep}
