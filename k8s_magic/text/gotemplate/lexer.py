"""Tokens of a Go template.

Source: Go's text/template/parse/lex.go
"""

from __future__ import annotations

import re
from typing import NamedTuple

from k8s_magic.text import go_values


class GoTemplateError(Exception):
    """What Go says of a template. `written` is the output up to the failure."""

    def __init__(self, message: str, written: str = "") -> None:
        super().__init__(message)
        self.written = written


class Token(NamedTuple):
    kind: str
    """text, left, right, space, string, char, number, field, dot, nil, bool, variable, word, keyword, or itself."""
    text: str
    at: int

    def __str__(self) -> str:
        if self.kind == "eof":
            return "EOF"
        if self.kind == "keyword":
            return f"<{self.text}>"
        if len(self.text) > 10:
            return go_values.quoted(self.text[:10]) + "..."
        return go_values.quoted(self.text)


KEYWORDS = frozenset({"block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"})
_SPACES = " \t\r\n"
_SPACE = re.compile(r"[ \t\r\n]+")
_WORD = re.compile(r"\w+")
_STRING = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"')
_CHAR = re.compile(r"'(?:[^'\\\n]|\\[^\n])*'")
_RAW = re.compile(r"`[^`]*`")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9_]+)?)", re.ASCII
)
_ENDS_WORD = frozenset(" \t\r\n.,|:)(")


def failure(text: str, at: int, words: str) -> GoTemplateError:
    return GoTemplateError(f"template: output:{text.count(chr(10), 0, at) + 1}: {words}")


def tokens(text: str) -> list[Token]:
    """All tokens, ending in one of kind `eof`.

    Raises: GoTemplateError.
    """
    found: list[Token] = []
    at = 0
    trim_next = False
    while at < len(text):
        left = text.find("{{", at)
        piece = text[at:] if left < 0 else text[at:left]
        begin = at
        if trim_next:
            stripped = piece.lstrip(_SPACES)
            begin += len(piece) - len(stripped)
            piece = stripped
        if left < 0:
            if piece:
                found.append(Token("text", piece, begin))
            break
        at = left + 2
        if text[at : at + 1] == "-" and text[at + 1 : at + 2] in tuple(_SPACES):
            piece = piece.rstrip(_SPACES)
            at += 2
        if piece:
            found.append(Token("text", piece, begin))
        if text.startswith("/*", at):
            at, trim_next = _comment(text, at)
            continue
        found.append(Token("left", "{{", left))
        at, trim_next = _action(text, at, found)
    found.append(Token("eof", "", len(text)))
    return found


def _comment(text: str, at: int) -> tuple[int, bool]:
    end = text.find("*/", at + 2)
    if end < 0:
        raise failure(text, at, "unclosed comment")
    end += 2
    trims = text[end : end + 1] in tuple(_SPACES) and text[end + 1 : end + 4] == "-}}"
    if trims:
        end += 2
    if not text.startswith("}}", end):
        raise failure(text, at, "comment ends before closing delimiter")
    return end + 2, trims


def _action(text: str, at: int, found: list[Token]) -> tuple[int, bool]:
    """Tokens up to the closing braces; where the text goes on and whether its space is trimmed."""
    depth = 0
    while True:
        trims = text[at : at + 1] in tuple(_SPACES) and text[at + 1 : at + 4] == "-}}"
        if trims or text.startswith("}}", at):
            if depth:
                raise failure(text, at, "unclosed left paren")
            at += 2 if trims else 0
            found.append(Token("right", "}}", at))
            return at + 2, trims
        if at >= len(text):
            raise failure(text, at, "unclosed action")
        char = text[at]
        if char in _SPACES:
            match = _SPACE.match(text, at)
            space = match.group() if match else char
            if text.startswith("-}}", at + len(space)):
                space = space[:-1]
            if space:
                found.append(Token("space", space, at))
            at += len(space)
            continue
        depth += (char == "(") - (char == ")")
        if depth < 0:
            raise failure(text, at, "unexpected right paren")
        token = _token(text, at, char)
        found.append(token)
        at += len(token.text)


def _token(text: str, at: int, char: str) -> Token:
    following = text[at + 1 : at + 2]
    if char == ":":
        if following != "=":
            raise failure(text, at, "expected :=")
        return Token(":=", ":=", at)
    if char in "=|(),":
        return Token(char, char, at)
    for quote, pattern, kind, words in (
        ('"', _STRING, "string", "unterminated quoted string"),
        ("`", _RAW, "string", "unterminated raw quoted string"),
        ("'", _CHAR, "char", "unterminated character constant"),
    ):
        if char == quote:
            match = pattern.match(text, at)
            if match is None:
                raise failure(text, at, words)
            return Token(kind, match.group(), at)
    if char == "$" or (char == "." and not following.isdecimal()):
        match = _WORD.match(text, at + 1)
        name = char + (match.group() if match else "")
        _check_end(text, at + len(name))
        return Token("variable" if char == "$" else "dot" if name == "." else "field", name, at)
    if char in "+-." or char.isdecimal():
        return _number(text, at)
    if char == "_" or char.isalpha():
        match = _WORD.match(text, at)
        word = match.group() if match else char
        _check_end(text, at + len(word))
        if word in KEYWORDS:
            return Token("keyword", word, at)
        return Token({"true": "bool", "false": "bool", "nil": "nil"}.get(word, "word"), word, at)
    if " " < char <= "~":
        return Token("other", char, at)
    raise failure(text, at, f"unrecognized character in action: {go_values.char_name(char)}")


def _check_end(text: str, at: int) -> None:
    char = text[at : at + 1]
    if not char or char in _ENDS_WORD or text.startswith("}}", at):
        return
    raise failure(text, at, f"bad character {go_values.char_name(char)}")


def _number(text: str, at: int) -> Token:
    match = _NUMBER.match(text, at)
    number = match.group() if match else ""
    following = text[at + len(number) : at + len(number) + 1]
    if not number or number in "+-." or following.isalnum() or following == "_":
        end = at + len(number) + bool(following)
        raise failure(text, at, f"bad number syntax: {go_values.quoted(text[at:end])}")
    return Token("number", number, at)
