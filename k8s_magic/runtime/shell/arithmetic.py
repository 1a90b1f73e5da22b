"""`$((…))`: integer expressions of C, in 64 bits, with assignments to shell variables."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping

_TOKEN = re.compile(
    r"\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|\*\*|<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),])"
)
# Loosest first.
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", ">", "<=", ">="), ("<<", ">>"), ("+", "-"),
    ("*", "/", "%"),
)  # fmt: skip
MAX_DEPTH = 60


class ArithmeticFailure(Exception):
    """The expression makes no sense; `str()` is the shell's word for it."""


def evaluate(text: str, variables: MutableMapping[str, str], depth: int = 0) -> int:
    """Raises: ArithmeticFailure."""
    if depth > MAX_DEPTH or text.count("(") > MAX_DEPTH:
        raise ArithmeticFailure("expression recursion level exceeded")
    tokens: list[str] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found:
            raise ArithmeticFailure(f"arithmetic expression: expecting primary: {text!r}".replace("'", '"'))
        tokens.append(found[1])
        position = found.end()
    if not tokens:
        return 0
    reader = _Reader(tokens, variables, text, depth)
    value = reader.comma()
    if reader.position < len(tokens):
        raise ArithmeticFailure(f'arithmetic expression: expecting EOF: "{text}"')
    return value


def _wrap(value: int) -> int:
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


def _divide(left: int, right: int, remainder: bool) -> int:
    if right == 0:
        raise ArithmeticFailure("division by zero")
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return left - quotient * right if remainder else quotient


_OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "|": lambda a, b: a | b, "^": lambda a, b: a ^ b, "&": lambda a, b: a & b,
    "==": lambda a, b: int(a == b), "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b), ">": lambda a, b: int(a > b), "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b), "<<": lambda a, b: a << (b & 63), ">>": lambda a, b: a >> (b & 63),
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
    "/": lambda a, b: _divide(a, b, False), "%": lambda a, b: _divide(a, b, True),
    "||": lambda a, b: int(bool(a or b)), "&&": lambda a, b: int(bool(a and b)),
}  # fmt: skip


class _Reader:
    def __init__(self, tokens: list[str], variables: MutableMapping[str, str], text: str, depth: int) -> None:
        self.tokens = tokens
        self.position = 0
        self.variables = variables
        self.text = text
        self.depth = depth

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        token = self.peek()
        if token and token in wanted:
            self.position += 1
            return token
        return ""

    def comma(self) -> int:
        value = self.assignment()
        while self.take(","):
            value = self.assignment()
        return value

    def assignment(self) -> int:
        name = self.peek()
        following = self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else ""
        if name[:1].isidentifier() and following in ("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="):
            self.position += 2
            value = self.assignment()
            if following != "=":
                value = _wrap(_OPERATIONS[following[:-1]](self.value_of(name), value))
            self.variables[name] = str(value)
            return value
        condition = self.level(0)
        if not self.take("?"):
            return condition
        yes = self.assignment()
        if not self.take(":"):
            raise ArithmeticFailure(f'arithmetic expression: expecting ":": "{self.text}"')
        no = self.assignment()
        return yes if condition else no

    def level(self, index: int) -> int:
        if index == len(_LEVELS):
            return self.power()
        value = self.level(index + 1)
        while operator := self.take(*_LEVELS[index]):
            value = _wrap(_OPERATIONS[operator](value, self.level(index + 1)))
        return value

    def power(self) -> int:
        value = self.unary()
        if self.take("**"):
            return _wrap(pow(value, min(max(self.power(), 0), 64)))
        return value

    def unary(self) -> int:
        if operator := self.take("-", "+", "!", "~"):
            value = self.unary()
            return {"-": -value, "+": value, "!": int(not value), "~": ~value}[operator]
        if operator := self.take("++", "--"):
            name = self.peek()
            self.position += 1
            return self.store(name, self.value_of(name) + (1 if operator == "++" else -1))
        return self.primary()

    def primary(self) -> int:
        token = self.peek()
        self.position += 1
        if token == "(":
            value = self.comma()
            if not self.take(")"):
                raise ArithmeticFailure(f'arithmetic expression: expecting ")": "{self.text}"')
            return value
        if token[:1].isdigit():
            try:
                return _wrap(
                    int(token, 16 if token[:2] in ("0x", "0X") else 8 if len(token) > 1 and token[0] == "0" else 10)
                )
            except ValueError:
                raise ArithmeticFailure(f"value too great for base: {token}") from None
        if token[:1].isidentifier():
            value = self.value_of(token)
            if operator := self.take("++", "--"):
                self.store(token, value + (1 if operator == "++" else -1))
            return value
        raise ArithmeticFailure(f'arithmetic expression: expecting primary: "{self.text}"')

    def store(self, name: str, value: int) -> int:
        self.variables[name] = str(_wrap(value))
        return _wrap(value)

    def value_of(self, name: str) -> int:
        text = self.variables.get(name, "").strip()
        if not text:
            return 0
        if text.lstrip("-").isdigit() and (text == "0" or not text.lstrip("-").startswith("0")):
            return _wrap(int(text))
        return evaluate(text, self.variables, self.depth + 1)
