"""test, [, true, false, expr."""

from __future__ import annotations

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.shell import arithmetic, conditions


def check(call: Call, prefix: str = "") -> int:
    words = call.argv[1:]
    if call.name == "[":
        if not words or words[-1] != "]":
            call.err(f"{prefix}[: missing ]\n")
            return 2
        words = words[:-1]
    try:
        return int(not conditions.test(words, call.fs, call.cwd))
    except conditions.BadTest as bad:
        call.err(f"{prefix}{call.name}: {bad}\n")
        return 2


def true(call: Call) -> int:
    return 0


def false(call: Call) -> int:
    return 1


def expr(call: Call) -> int:
    words = call.argv[1:]
    if len(words) == 2 and words[0] == "length":
        call.out(f"{len(words[1])}\n")
        return 0
    if len(words) == 3 and words[1] in ("=", "!=") and not all(word.lstrip("-").isdigit() for word in words[::2]):
        value = int((words[0] == words[2]) == (words[1] == "="))
    else:
        try:
            value = arithmetic.evaluate(" ".join("==" if word == "=" else word for word in words), {})
        except arithmetic.ArithmeticFailure as failure:
            call.err(f"expr: {'division by zero' if 'division' in str(failure) else 'syntax error'}\n")
            return 2
    call.out(f"{value}\n")
    return int(value == 0)


COMMANDS = {"test": check, "[": check, "true": true, "false": false, "expr": expr}
