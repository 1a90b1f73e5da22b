"""sed and awk, as far as tutorials use them: substitutions, addresses, deletion, printing of fields."""

from __future__ import annotations

import re
from dataclasses import dataclass

from k8s_magic.machinery.errors import Unsupported
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.filesystem import FileError
from k8s_magic.runtime.process import Program, Steps
from k8s_magic.runtime.shell.commands.grepping import regex
from k8s_magic.runtime.shell.commands.text import inputs, lines_of, tool
from k8s_magic.runtime.shell.options import Options
from k8s_magic.runtime.shell.words import unescape


@dataclass(slots=True)
class Edit:
    first: str  # address: "", a number, "$" or "/regex"
    last: str
    action: str
    pattern: re.Pattern[str] | None = None
    replacement: str = ""
    flags: str = ""
    text: str = ""
    inside: bool = False


_ADDRESS = r"(?:\d+|\$|/(?:[^/\\]|\\.)*/)"
_COMMAND = re.compile(rf"\s*({_ADDRESS})?(?:,({_ADDRESS}))?\s*(!?)\s*([a-zA-Z])")


def _script(text: str, extended: bool) -> list[Edit]:
    """Raises: Unsupported for a command we do not know."""
    edits: list[Edit] = []
    position = 0
    while position < len(text):
        if text[position] in " \t\n;":
            position += 1
            continue
        found = _COMMAND.match(text, position)
        if not found or found[3] or found[4] not in "sdpqaic":
            raise Unsupported(f"k8s-magic's sed knows s, d, p, q, a, i and c, not: {text[position:][:40]}")
        position = found.end()
        edit = Edit(found[1] or "", found[2] or "", found[4])
        if edit.action == "s":
            mark = text[position : position + 1]
            parts: list[str] = []
            position += 1
            for _ in range(2):
                part: list[str] = []
                while position < len(text) and text[position] != mark:
                    if text[position] == "\\" and position + 1 < len(text):
                        part.append(text[position + 1] if text[position + 1] == mark else text[position : position + 2])
                        position += 2
                    else:
                        part.append(text[position])
                        position += 1
                parts.append("".join(part))
                position += 1
            flags = re.compile(r"[gIip0-9]*").match(text, position)
            edit.flags = flags[0] if flags else ""
            position += len(edit.flags)
            ignore = re.IGNORECASE if "i" in edit.flags.lower() else 0
            edit.pattern = regex(parts[0], extended, ignore)
            edit.replacement = _template(parts[1])
        elif edit.action in "aic":
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
            edit.text = text[position:end].removeprefix("\\").lstrip()
            position = end
        edits.append(edit)
    return edits


def _template(text: str) -> str:
    r"""sed's `&` and `\1` as Python's templates have them."""
    out = re.sub(r"\\([0-9&n/\\])|(&)|(\\)", lambda found: {
        "&": "&", "n": "\n", "/": "/", "\\": "\\\\",
    }.get(found[1], f"\\g<{found[1]}>") if found[1] else "\\g<0>" if found[2] else "\\\\", text)  # fmt: skip
    return out


def _applies(edit: Edit, line: str, number: int, last: bool, extended: bool) -> bool:
    def at(address: str) -> bool:
        if address == "$":
            return last
        if address.startswith("/"):
            return regex(address[1:-1], extended).search(line) is not None
        return number == int(address)

    if not edit.first:
        return True
    if not edit.last:
        return at(edit.first)
    if edit.inside:
        edit.inside = not (at(edit.last) or (edit.last.isdigit() and number >= int(edit.last)))
        return True
    if at(edit.first):
        edit.inside = not (edit.last.isdigit() and number >= int(edit.last))
        return True
    return False


def sed(call: Call, options: Options) -> Steps:
    operands = list(options.operands)
    script = options.get("e") if "e" in options else operands.pop(0) if operands else ""
    extended = "E" in options or "r" in options
    try:
        edits = _script(script, extended)
    except re.error:
        call.err("sed: -e expression #1: Invalid regular expression\n")
        return 1
    files, status = yield from inputs(call, operands)
    for name, text in files:
        result = _edited(edits, lines_of(text), "n" in options, extended)
        if "i" in options and name != "-":
            call.write(name, result)
        else:
            call.out(result)
    return status


def _edited(edits: list[Edit], lines: list[str], quiet: bool, extended: bool) -> str:
    out: list[str] = []
    for number, line in enumerate(lines, 1):
        kept, after, stop = True, [], False
        for edit in edits:
            if not _applies(edit, line, number, number == len(lines), extended):
                continue
            if edit.action == "s" and edit.pattern is not None:
                line, changed = edit.pattern.subn(edit.replacement, line, count=0 if "g" in edit.flags else 1)
                if changed and "p" in edit.flags:
                    out.append(line)
            elif edit.action == "p":
                out.append(line)
            elif edit.action in "dc":
                kept = False
                if edit.action == "c":
                    out.append(edit.text)
                break
            elif edit.action == "i":
                out.append(edit.text)
            elif edit.action == "a":
                after.append(edit.text)
            elif edit.action == "q":
                stop = True
                break
        if kept and not quiet:
            out.append(line)
        out += after
        if stop:
            break
    return "".join(line + "\n" for line in out)


_AWK = re.compile(
    r"\s*(?:(NR\s*(==|>|<|>=|<=|!=)\s*(\d+))|/((?:[^/\\]|\\.)*)/)?\s*(?:\{\s*print\s*([^{}]*?)\s*;?\s*\})?\s*\Z",
    re.DOTALL,
)


def awk(call: Call, options: Options) -> Steps:
    """`awk [-F x] '[NR==n | /regex/] {print $1, $NF, "text"}'`."""
    if not options.operands:
        call.err("awk: no program given\n")
        return 2
    found = _AWK.match(options.operands[0])
    if not found or not options.operands[0].strip():
        raise Unsupported("k8s-magic's awk knows only '/regex/ {print $1, $2}' and 'NR==1 {print}'")
    files, status = yield from inputs(call, options.operands[1:])
    separator = unescape(options.get("F")) or None
    number = 0
    for _, text in files:
        for line in lines_of(text):
            number += 1
            if found[1] and not eval_comparison(number, found[2], int(found[3])):
                continue
            if found[4] is not None and not regex(found[4], True).search(line):
                continue
            call.out(_printed(found[5] or "", line, line.split(separator), number) + "\n")
    return status


def eval_comparison(left: int, operator: str, right: int) -> bool:
    return {"==": left == right, ">": left > right, "<": left < right, ">=": left >= right, "<=": left <= right,
            "!=": left != right}[operator]  # fmt: skip


def _printed(what: str, line: str, fields: list[str], number: int) -> str:
    if not what:
        return line
    values = []
    for argument in re.findall(r"(?:\"(?:[^\"\\]|\\.)*\"|[^,\"])+", what):
        parts = []
        for token in re.findall(r"\"(?:[^\"\\]|\\.)*\"|\$NF|\$\(NF-\d+\)|\$\d+|NR|NF|\S+", argument):
            if token.startswith('"'):
                parts.append(unescape(token[1:-1]))
            elif token == "$0":
                parts.append(line)
            elif token.startswith("$"):
                back = re.fullmatch(r"\$\(NF-(\d+)\)", token)
                index = len(fields) - int(back[1]) if back else len(fields) if token == "$NF" else int(token[1:])
                parts.append(fields[index - 1] if 0 < index <= len(fields) else "")
            elif token in ("NR", "NF"):
                parts.append(str(number if token == "NR" else len(fields)))
            else:
                raise Unsupported(f"k8s-magic's awk does not know {token}")
        values.append("".join(parts))
    return " ".join(values)


def xargs(call: Call) -> Steps:
    """`xargs [-n N] [-I X] COMMAND …`: runs a program with the words of its input."""
    from k8s_magic.runtime.shell import lookup

    words = call.argv[1:]
    size, token = 0, ""
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option[:2] in ("-n", "-I", "-P"):
            value = option[2:] or (words.pop(0) if words else "")
            size = int(value) if option[1] == "n" and value.isdigit() else size
            token = value if option[1] == "I" else token
    text = yield from call.stdin.all()
    words = words or ["echo"]
    items = [line.strip() for line in lines_of(text) if line.strip()] if token else text.split()
    groups = (
        [[item] for item in items]
        if token
        else [items[at : at + size] for at in range(0, len(items), size)]
        if size
        else [items]
    )
    status = 0
    for group in groups[:1000]:
        argv = [word.replace(token, group[0]) for word in words] if token else [*words, *group]
        program = lookup.find(call.container, argv[0], unknown=False)
        if program is None:
            call.err(f"xargs: {argv[0]}: No such file or directory\n")
            return 127
        inner = Call(
            call.container, call.process, argv, call.stdin, call.stdout, call.stderr, cwd=call.cwd, env=call.env
        )
        try:
            outcome = program(inner)
            code = outcome if isinstance(outcome, int) else (yield from outcome)
        except FileError as error:
            call.err(f"{argv[0]}: {error.path}: {error}\n")
            code = 1
        status = 123 if code else status
    return status


COMMANDS: dict[str, Program] = {
    "sed": tool("nErsiu", "e", sed, {"in-place": "i", "quiet": "n"}),
    "awk": tool("", "Fv", awk),
    "xargs": xargs,
}
