"""cat, head, tail, grep, sort, cut and the rest that reads lines and prints some."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Generator

from k8s_magic.runtime import contract
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.filesystem import FileError
from k8s_magic.runtime.process import Program, Steps
from k8s_magic.runtime.shell.options import BadOption, Options, split
from k8s_magic.sim.time import SECOND, SimTime

Reading = Generator[SimTime | None, None, tuple[list[tuple[str, str]], int]]


def tool(
    flags: str, valued: str, run: Callable[[Call, Options], Steps | int], long: dict[str, str] | None = None
) -> Program:
    """A program whose options are read first, with getopt's complaint for bad ones."""

    def program(call: Call) -> Steps | int:
        try:
            options = split(call.argv[1:], flags, valued, long)
        except BadOption as bad:
            call.err(f"{call.name}: {bad}\n")
            if call.container.version.image.base not in ("busybox", "alpine"):
                call.err(f"Try '{call.name} --help' for more information.\n")
            return 1
        return run(call, options)

    return program


def complain(call: Call, error: FileError) -> None:
    busybox = call.container.version.image.base in ("busybox", "alpine")
    if call.name in ("head", "tail", "sort", "cut", "wc", "grep", "sed", "cat") and busybox and call.name != "grep":
        call.err(f"{call.name}: {'can' + chr(39) + 't open ' + chr(39) + error.path + chr(39)}: {error}\n")
    elif call.name in ("head", "tail"):
        call.err(f"{call.name}: cannot open '{error.path}' for reading: {error}\n")
    else:
        call.err(f"{call.name}: {error.path}: {error}\n")


def inputs(call: Call, operands: list[str]) -> Reading:
    """(name, text) of each file, or of the standard input; and 1 where one could not be read."""
    found: list[tuple[str, str]] = []
    status = 0
    for name in operands or ["-"]:
        if name == "-":
            found.append(("-", (yield from call.stdin.all())))
            continue
        try:
            found.append((name, call.read(name)))
        except FileError as error:
            complain(call, error)
            status = 1
    return found, status


def lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines


def cat(call: Call, options: Options) -> Steps:
    status, number = 0, 0
    for name in options.operands or ["-"]:
        while True:
            if name == "-":
                text = yield from (call.stdin.line() if "n" in options else call.stdin.some())
                if not text:
                    break
            else:
                try:
                    text = call.read(name)
                except FileError as error:
                    complain(call, error)
                    status = 1
                    break
            if "n" in options:
                for line in lines_of(text):
                    number += 1
                    call.out(f"{number:6d}\t{line}\n")
            else:
                call.out(text)
            if name != "-":
                break
    return status


def _count(call: Call, options: Options, letter: str) -> tuple[int, str] | None:
    """The number of -n or -c and its sign."""
    text = options.get(letter, "10")
    sign = text[:1] if text[:1] in "+-" else ""
    digits = text[len(sign) :]
    if not digits.isdigit() or len(digits) > 12:
        call.err(f"{call.name}: invalid number of {'lines' if letter == 'n' else 'bytes'}: '{text}'\n")
        return None
    return int(digits), sign


def head(call: Call, options: Options) -> Steps:
    counted = _count(call, options, "c" if "c" in options else "n")
    if counted is None:
        return 1
    number, sign = counted
    if not options.operands and "c" not in options and sign != "-":
        for _ in range(number):
            line = yield from call.stdin.line()
            if not line:
                break
            call.out(line)
        call.stdin.close()
        return 0
    files, status = yield from inputs(call, options.operands)
    for index, (name, text) in enumerate(files):
        if len(files) > 1 and "q" not in options:
            call.out(("\n" if index else "") + f"==> {name} <==\n")
        if "c" in options:
            call.out(text[: -number if sign == "-" else number])
        else:
            lines = text.splitlines(keepends=True)
            call.out("".join(lines[: (-number or None) if sign == "-" else number]))
    return status


# busybox and coreutils look once a second (coreutils by inotify where it can).
_FOLLOW = SECOND


def tail(call: Call, options: Options) -> Steps:
    counted = _count(call, options, "c" if "c" in options else "n")
    if counted is None:
        return 1
    number, sign = counted
    follow = "f" in options or "F" in options
    operands = options.operands
    files, status = (yield from inputs(call, operands)) if "F" not in options else (_present(call, operands), 0)
    seen: dict[str, int] = {}
    for index, (name, text) in enumerate(files):
        if len(operands) > 1 and "q" not in options:
            call.out(("\n" if index else "") + f"==> {name} <==\n")
        seen[name] = len(text)
        pieces: list[str] | str = text if "c" in options else text.splitlines(keepends=True)
        chosen = pieces[max(number - 1, 0) :] if sign == "+" else pieces[max(len(pieces) - number, 0) :]
        call.out("".join(chosen))
    if not follow or (status and not files):
        return status
    names = [name for name in operands if name not in ("/dev/null", "-")]
    while True:
        if not names:
            yield None
            continue
        yield _FOLLOW
        for name in names:
            try:
                text = call.read(name)
            except FileError:
                continue
            if len(text) < seen.get(name, 0):
                call.err(f"{call.name}: {name}: file truncated\n")
                seen[name] = 0
            if len(text) > seen.get(name, 0):
                call.out(text[seen.get(name, 0) :])
                seen[name] = len(text)


def _present(call: Call, names: list[str]) -> list[tuple[str, str]]:
    """`tail -F` waits for files that are not there yet."""
    found = []
    for name in names:
        try:
            found.append((name, call.read(name)))
        except FileError as error:
            complain(call, error)
    return found


def _obsolete(program: Program) -> Program:
    """`head -5` and `tail -20f`: the number as an option."""

    def run(call: Call) -> Steps | int:
        words: list[str] = []
        for word in call.argv:
            found = re.fullmatch(r"-(\d+)(f?)", word)
            words += ["-n", found[1], *(["-f"] if found[2] else [])] if found else [word]
        call.argv = words
        return program(call)

    return run


def wc(call: Call, options: Options) -> Steps:
    files, status = yield from inputs(call, options.operands)
    chosen = [letter for letter in "lwcm" if letter in options] or ["l", "w", "c"]
    rows = []
    for name, text in files:
        counts = {"l": text.count("\n"), "w": len(text.split()), "c": len(contract.encoded(text)), "m": len(text)}
        rows.append(([counts[letter] for letter in chosen], name))
    if len(rows) > 1:
        rows.append(([sum(row[0][index] for row in rows) for index in range(len(chosen))], "total"))
    busybox = call.container.version.image.base in ("busybox", "alpine")
    width = max(len(str(number)) for row in rows for number in row[0]) if rows else 1
    if len(chosen) > 1 and not options.operands:
        width = 7
    for numbers, name in rows:
        if busybox and len(chosen) > 1:
            text = " ".join(f"{number:9d}" for number in numbers)
        elif len(chosen) == 1 and len(rows) == 1:
            text = str(numbers[0])
        else:
            text = " ".join(f"{number:{width}d}" for number in numbers)
        call.out(text + (f" {name}" if name != "-" else "") + "\n")
    return status


def sort(call: Call, options: Options) -> Steps:
    files, status = yield from inputs(call, options.operands)
    lines = [line for _, text in files for line in lines_of(text)]
    column = re.match(r"\d+", options.get("k"))
    separator = options.get("t") or None

    def key(line: str) -> tuple[float, str]:
        text = line
        if column:
            fields = line.split(separator)
            text = (separator or " ").join(fields[int(column[0]) - 1 :])
        if "f" in options:
            text = text.upper()
        if "n" in options or "h" in options or "n" in options.get("k"):
            number = re.match(r"\s*(-?\d{1,15}(?:\.\d+)?)", text)
            return (float(number[1]) if number else 0.0, line)
        return (0.0, text)

    lines.sort(key=key, reverse="r" in options)
    if "u" in options:
        lines = list(dict.fromkeys(lines))
    call.out("".join(line + "\n" for line in lines))
    return status


def uniq(call: Call, options: Options) -> Steps:
    files, status = yield from inputs(call, options.operands[:1])
    groups: list[tuple[str, int]] = []
    for line in lines_of(files[0][1]) if files else []:
        if groups and groups[-1][0] == line:
            groups[-1] = (line, groups[-1][1] + 1)
        else:
            groups.append((line, 1))
    for line, count in groups:
        if ("d" in options and count == 1) or ("u" in options and count > 1):
            continue
        call.out((f"{count:7d} " if "c" in options else "") + line + "\n")
    return status


def cut(call: Call, options: Options) -> Steps:
    letter = next((letter for letter in "fcb" if letter in options), "")
    if not letter:
        call.err("cut: you must specify a list of bytes, characters, or fields\n")
        return 1
    ranges = []
    for item in options.get(letter).split(","):
        found = re.fullmatch(r"(\d{1,6})?(-)?(\d{1,6})?", item)
        if not found or not item.strip("-"):
            call.err(f"cut: invalid field value '{item}'\n")
            return 1
        first = int(found[1] or 1)
        ranges.append((first, int(found[3]) if found[3] else (1 << 30 if found[2] else first)))
    separator = options.get("d", "\t")
    files, status = yield from inputs(call, options.operands)
    for _, text in files:
        for line in lines_of(text):
            pieces = line.split(separator) if letter == "f" else list(line)
            if letter == "f" and len(pieces) == 1:
                if "s" not in options:
                    call.out(line + "\n")
                continue
            chosen = [piece for at, piece in enumerate(pieces, 1) if any(first <= at <= last for first, last in ranges)]
            call.out((separator if letter == "f" else "").join(chosen) + "\n")
    return status


def _characters(text: str) -> str:
    from k8s_magic.runtime.shell.words import unescape

    for name, characters in (
        ("upper", "A-Z"), ("lower", "a-z"), ("digit", "0-9"), ("alpha", "a-zA-Z"), ("alnum", "a-zA-Z0-9"),
        ("space", " \t\n\r\f\v"), ("punct", "!-/:-@[-`{-~"),
    ):  # fmt: skip
        text = text.replace(f"[:{name}:]", characters)
    text = unescape(text)
    return re.sub(
        r"(.)-(.)",
        lambda found: "".join(chr(code) for code in range(ord(found[1]), min(ord(found[2]), 0x2FF) + 1)),
        text,
        flags=re.DOTALL,
    )


def tr(call: Call, options: Options) -> Steps:
    text = yield from call.stdin.all()
    if not options.operands:
        call.err("tr: missing operand\n")
        return 1
    first = _characters(options.operands[0])
    second = _characters(options.operands[1]) if len(options.operands) > 1 else ""
    if "c" in options or "C" in options:
        kept = first
        first = "".join(dict.fromkeys(char for char in text if char not in kept))
    if "d" in options:
        text = "".join(char for char in text if char not in first)
    elif second:
        padded = second + second[-1] * max(len(first) - len(second), 0)
        text = text.translate(dict(zip(map(ord, first), padded, strict=False)))
    if "s" in options:
        squeezed = second or first
        text = re.sub(r"(.)\1+", lambda found: found[1] if found[1] in squeezed else found[0], text, flags=re.DOTALL)
    call.out(text)
    return 0


def tee(call: Call, options: Options) -> Steps:
    for name in options.operands:
        call.write(name, "", append="a" in options)
    while True:
        text = yield from call.stdin.some()
        if not text:
            return 0
        call.out(text)
        for name in options.operands:
            call.write(name, text, append=True)


def rev(call: Call, options: Options) -> Steps:
    files, status = yield from inputs(call, options.operands)
    for _, text in files:
        call.out("".join(line[::-1] + "\n" for line in lines_of(text)))
    return status


def tac(call: Call, options: Options) -> Steps:
    files, status = yield from inputs(call, options.operands)
    for _, text in files:
        call.out("".join(line + "\n" for line in reversed(lines_of(text))))
    return status


def nl(call: Call, options: Options) -> Steps:
    files, status = yield from inputs(call, options.operands)
    number = 0
    for _, text in files:
        for line in lines_of(text):
            number += bool(line)
            call.out(f"{number:6d}\t{line}\n" if line else "       \n")
    return status


def base_64(call: Call, options: Options) -> Steps:
    files, status = yield from inputs(call, options.operands)
    for _, text in files:
        if "d" in options or "D" in options:
            try:
                call.out(contract.decoded(base64.b64decode(text)))
            except ValueError:
                call.err("base64: invalid input\n")
                status = 1
            continue
        width = int(options.get("w") or 76) if options.get("w", "76").isdigit() else 76
        encoded = base64.b64encode(contract.encoded(text)).decode()
        if width == 0:
            call.out(encoded)
        else:
            call.out("".join(encoded[at : at + width] + "\n" for at in range(0, len(encoded), width)))
    return status


def checksum(call: Call, options: Options) -> Steps:
    files, status = yield from inputs(call, options.operands)
    for name, text in files:
        algorithm = hashlib.sha256 if call.name == "sha256sum" else hashlib.md5
        call.out(f"{algorithm(contract.encoded(text)).hexdigest()}  {name}\n")
    return status


COMMANDS: dict[str, Program] = {
    "cat": tool("nubAevETst", "", cat),
    "head": _obsolete(tool("qv", "nc", head, {"lines": "n=", "bytes": "c="})),
    "tail": _obsolete(tool("fFqv", "ncs", tail, {"lines": "n=", "follow": "f", "bytes": "c=", "pid": "p="})),
    "wc": tool("lwcm", "", wc),
    "sort": tool("nrufhVbs", "kt", sort),
    "uniq": tool("cdui", "", uniq),
    "cut": tool("s", "dfcb", cut, {"delimiter": "d=", "fields": "f="}),
    "tr": tool("dscC", "", tr),
    "tee": tool("ai", "", tee),
    "rev": tool("", "", rev),
    "tac": tool("", "", tac),
    "nl": tool("b", "", nl),
    "base64": tool("dDi", "w", base_64, {"decode": "d"}),
    "md5sum": tool("c", "", checksum),
    "sha256sum": tool("c", "", checksum),
}
