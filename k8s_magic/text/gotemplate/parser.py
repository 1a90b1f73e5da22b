"""The parser of Go templates, with Go's words for what is wrong.

Source: Go's text/template/parse/parse.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.text import go_values
from k8s_magic.text.gotemplate import functions
from k8s_magic.text.gotemplate.lexer import GoTemplateError, Token, failure, tokens
from k8s_magic.text.gotemplate.nodes import (
    Action,
    Branch,
    Call,
    Chain,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    Jump,
    Nil,
    Node,
    Operand,
    Pipe,
    Text,
    Variable,
)
from k8s_magic.text.gotemplate.printf import Int, unquote

MAIN = "output"


def parse(text: str) -> dict[str, list[Node]]:
    """The named templates of a text; the text itself is MAIN.

    Raises: GoTemplateError.
    """
    return _Parser(text).templates()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._templates: dict[str, list[Node]] = {}
        self._at = 0
        self._variables = ["$"]
        self._ranges = 0
        self._late: GoTemplateError | None = None
        try:
            self._tokens = tokens(text)
        except GoTemplateError as error:
            # Go's lexer runs beside its parser: what the parser finds before comes first.
            self._late = error
            self._tokens = _readable(text)

    def templates(self) -> dict[str, list[Node]]:
        body, ended = self._list(top=True)
        if ended is not None:
            raise self._error(f"unexpected {ended}")
        self._templates[MAIN] = body
        return self._templates

    # -- tokens

    def _next(self) -> Token:
        token = self._tokens[self._at]
        if token.kind == "eof" and self._late is not None:
            raise self._late
        if token.kind != "eof":
            self._at += 1
        return token

    def _peek(self) -> Token:
        token = self._tokens[self._at]
        if token.kind == "eof" and self._late is not None:
            raise self._late
        return token

    def _next_solid(self) -> Token:
        token = self._next()
        return self._next() if token.kind == "space" else token

    def _peek_solid(self) -> Token:
        if self._tokens[self._at].kind == "space":
            self._at += 1
        return self._peek()

    def _error(self, words: str) -> GoTemplateError:
        at = self._tokens[max(self._at - 1, 0)].at if self._at else 0
        return failure(self._text, at, words)

    def _unexpected(self, token: Token, context: str) -> GoTemplateError:
        return self._error(f"unexpected {token} in {context}")

    # -- structure

    def _list(self, *, top: bool = False) -> tuple[list[Node], str | None]:
        """Nodes up to an {{else}} or {{end}} (named in the answer) or, at the top, the end."""
        nodes: list[Node] = []
        while True:
            token = self._next_solid()
            if token.kind == "eof":
                if top:
                    return nodes, None
                raise self._error("unexpected EOF")
            if token.kind == "text":
                nodes.append(Text(token.at, token.text))
                continue
            if token.kind != "left":
                raise self._unexpected(token, "input")
            token = self._peek_solid()
            if token.kind == "keyword" and token.text in ("end", "else"):
                self._next()
                if token.text == "end":
                    self._expect_right("end")
                return nodes, f"{{{{{token.text}}}}}"
            node = self._action(top=top)
            if node is not None:
                nodes.append(node)

    def _action(self, *, top: bool) -> Node | None:
        token = self._next_solid()
        if token.kind != "keyword":
            self._at -= 1
            return Action(token.at, self._pipeline("command", "right"))
        if token.text in ("if", "with", "range"):
            return self._branch(token)
        if token.text in ("break", "continue"):
            if not self._ranges:
                raise self._error(f"{{{{{token.text}}}}} outside {{{{range}}}}")
            self._expect_right(f"{{{{{token.text}}}}}")
            return Jump(token.at, token.text)
        if token.text == "template":
            at, name = self._template_name("template clause")
            pipe = None
            if self._peek_solid().kind == "right":
                self._next()
            else:
                pipe = self._pipeline("template clause", "right")
            return Call(at, name, pipe)
        if token.text == "block":
            at, name = self._template_name("block clause")
            pipe = self._pipeline("block clause", "right")
            self._define(name, "block clause")
            return Call(at, name, pipe)
        if not top:
            raise self._error("unexpected {{define}}")
        _, name = self._template_name("define clause")
        self._expect_right("define clause")
        self._define(name, "define clause")
        return None

    def _define(self, name: str, context: str) -> None:
        outer, self._variables = self._variables, ["$"]
        body, ended = self._list()
        if ended != "{{end}}":
            raise self._error(f"unexpected {ended} in {context}")
        self._variables = outer
        self._templates[name] = body

    def _template_name(self, context: str) -> tuple[int, str]:
        token = self._next_solid()
        if token.kind != "string":
            raise self._unexpected(token, context)
        return token.at, self._string(token)

    def _expect_right(self, context: str) -> None:
        token = self._next_solid()
        if token.kind != "right":
            raise self._unexpected(token, context)

    def _branch(self, token: Token) -> Branch:
        keyword = token.text
        depth = len(self._variables)
        pipe = self._pipeline(keyword, "right")
        self._ranges += keyword == "range"
        body, ended = self._list()
        else_body: list[Node] | None = None
        if ended == "{{else}}":
            following = self._peek_solid()
            if keyword != "range" and following.kind == "keyword" and following.text == keyword:
                # {{else if x}}: an if inside the else, which shares its end.
                self._next()
                else_body = [self._branch(following)]
                self._ranges -= keyword == "range"
                del self._variables[depth:]
                return Branch(token.at, keyword, pipe, body, else_body)
            self._expect_right("else")
            else_body, ended = self._list()
            if ended != "{{end}}":
                raise self._error(f"expected end; found {ended}")
        self._ranges -= keyword == "range"
        del self._variables[depth:]
        return Branch(token.at, keyword, pipe, body, else_body)

    # -- pipelines

    def _pipeline(self, context: str, end: str) -> Pipe:
        first = self._peek_solid()
        variables, assigns = self._declarations(context)
        commands: list[Command] = []
        while True:
            token = self._next_solid()
            if token.kind == end:
                self._check(commands, context)
                return Pipe(first.at, tuple(variables), assigns, tuple(commands))
            if token.kind in ("bool", "char", "dot", "field", "word", "number", "nil", "string", "variable", "("):
                self._at -= 1
                commands.append(self._command())
            else:
                raise self._unexpected(token, context)

    def _check(self, commands: list[Command], context: str) -> None:
        if not commands:
            raise self._error(f"missing value for {context}")
        for stage, command in enumerate(commands[1:], 2):
            if isinstance(command.operands[0], Constant | Dot | Nil):
                raise self._error(f"non executable command in pipeline stage {stage}")

    def _declarations(self, context: str) -> tuple[list[str], bool]:
        names: list[str] = []
        while self._peek_solid().kind == "variable":
            start = self._at
            variable = self._next()
            following = self._peek_solid()
            if following.kind in (":=", "="):
                self._next()
                names.append(variable.text)
                if following.kind == ":=":
                    self._variables += names
                else:
                    for name in names:
                        self._known(name)
                return names, following.kind == "="
            if following.kind == "," and context == "range" and not names:
                self._next()
                names.append(variable.text)
                if self._peek_solid().kind != "variable":
                    raise self._error("range can only initialize variables")
                continue
            if following.kind == ",":
                self._next()
                raise self._error(f"too many declarations in {context}")
            self._at = start
            break
        return [], False

    def _command(self) -> Command:
        at = self._peek_solid().at
        operands: list[Operand] = []
        while True:
            self._peek_solid()
            operand = self._operand()
            if operand is not None:
                operands.append(operand)
            token = self._next()
            if token.kind == "space":
                continue
            if token.kind in ("right", ")"):
                self._at -= 1
            elif token.kind != "|":
                raise self._unexpected(token, "operand")
            break
        if not operands:
            raise self._error("empty command")
        return Command(at, tuple(operands))

    def _operand(self) -> Operand | None:
        node = self._term()
        if node is None or self._peek().kind != "field":
            return node
        at = self._peek().at
        names: list[str] = []
        while self._peek().kind == "field":
            names.append(self._next().text[1:])
        if isinstance(node, Field):
            return Field(at, (*node.names, *names))
        if isinstance(node, Variable):
            return Variable(at, node.name, (*node.names, *names))
        if isinstance(node, Constant | Nil | Dot):
            raise self._error(f"unexpected . after term {go_values.quoted(str(node))}")
        return Chain(at, node, tuple(names))

    def _term(self) -> Operand | None:
        token = self._next_solid()
        kind, at = token.kind, token.at
        if kind == "word":
            if not functions.is_known(token.text):
                raise self._error(f"function {go_values.quoted(token.text)} not defined")
            return Function(at, token.text)
        if kind == "dot":
            return Dot(at)
        if kind == "nil":
            return Nil(at)
        if kind == "variable":
            self._known(token.text)
            return Variable(at, token.text)
        if kind == "field":
            return Field(at, (token.text[1:],))
        if kind == "bool":
            return Constant(at, token.text == "true", token.text)
        if kind in ("number", "char"):
            return Constant(at, self._number(token), token.text)
        if kind == "string":
            return Constant(at, self._string(token), token.text)
        if kind == "(":
            return self._pipeline("parenthesized pipeline", ")")
        self._at -= 1
        return None

    def _known(self, name: str) -> None:
        if name not in self._variables:
            raise self._error(f"undefined variable {go_values.quoted(name)}")

    def _string(self, token: Token) -> str:
        try:
            return unquote(token.text)
        except ValueError:
            raise self._error("invalid syntax") from None

    def _number(self, token: Token) -> Any:
        text = token.text
        try:
            if token.kind == "char":
                return Int(ord(unquote(text)))
            plain = text.replace("_", "")
            if plain.lstrip("+-").lower().startswith(("0x", "0b", "0o")):
                return Int(plain, 0)
            if plain.lstrip("+-").isdecimal():
                digits = plain.lstrip("+-")
                return Int(plain, 8 if len(digits) > 1 and digits[0] == "0" else 10)
            value = float(plain)
        except (ValueError, TypeError):
            words = "malformed character constant" if token.kind == "char" else "illegal number syntax"
            raise self._error(f"{words}: {go_values.quoted(text) if token.kind != 'char' else text}") from None
        return value


def _readable(text: str) -> list[Token]:
    """The tokens before the one that the lexer refuses."""
    for cut in range(len(text), 0, -1):
        if text[cut - 2 : cut] != "}}":
            continue
        try:
            return [*tokens(text[:cut])[:-1], Token("eof", "", len(text))]
        except GoTemplateError:
            continue
    return [Token("eof", "", len(text))]
