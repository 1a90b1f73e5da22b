"""Documents of a YAML or JSON text, read as kubectl reads them (sigs.k8s.io/yaml: YAML 1.1 as go-yaml v2 has it).

PyYAML's parser (libyaml, where it is there, which go-yaml is a port of) finds the structure; what scalars mean,
how anchors and merges work, where documents part and how an error is worded follow kubectl. Nothing but dicts with
string keys, lists, strings, integers, floats, booleans and None comes out; aliases come out as copies. Size, depth
and alias expansion are bounded.
Source: apimachinery/pkg/util/yaml/decoder.go; sigs.k8s.io/yaml v1.6; go.yaml.in/yaml/v2 decode.go; kubectl 1.36.4
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from k8s_magic.text import json_in, yaml_build

# The API server's own limit of a request's body. Source: apiserver/pkg/server/config.go (MaxRequestBodyBytes)
LARGEST_TEXT = 3 * 1024 * 1024


class YamlError(Exception):
    """What kubectl says of a text it cannot read, without its `error: error parsing FILE: `.

    Units: `line` and `column` count from 1 within the whole text (0: not known); kubectl's own words count lines
    within the document.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its data, the line of the whole text where it starts (from 1), and its own text."""

    data: Any
    line: int
    text: str


def documents(text: str, *, name: str = "") -> list[Document]:
    """All documents of a text that are not empty, in order.

    A text that starts with `{` is tried as a stream of JSON values first, as kubectl does.
    Raises: YamlError.
    """
    del name  # a caller's own words carry it; kept for callers that have one at hand
    if len(text) > LARGEST_TEXT:
        raise YamlError(f"Request entity too large: limit is {LARGEST_TEXT}")
    found: list[Document] = []
    start = 0
    failed: YamlError | None = None
    if text.lstrip().startswith("{"):
        found, start, failed = _json_stream(text)
        if failed is None:
            return found
    try:
        found += _yaml_stream(text, start)
    except YamlError as error:
        raise failed or error from None
    return found


def load(text: str) -> Any:
    """The first document of a text as yaml.Unmarshal reads it: no separators, None where there is none.

    Raises: YamlError.
    """
    return _convert(text, 1)


def _json_stream(text: str) -> tuple[list[Document], int, YamlError | None]:
    found: list[Document] = []
    at = 0
    while True:
        try:
            ended = json_in.read(text, at)
        except json_in.JsonError as error:
            line = text.count("\n", 0, error.at) + 1
            column = error.at - text.rfind("\n", 0, error.at)
            words = str(error)
            # A stream that ends too early is no error of syntax to Go, and has no offset.
            message = words if words == json_in.EARLY_END else f"json: offset {error.offset}: {words}"
            failed = YamlError(message, line, column)
            if len(found) > 1:
                raise failed from None
            return found, at, failed
        if ended is None:
            return found, at, None
        value, begin, at = ended
        if value is not None:
            found.append(Document(value, text.count("\n", 0, begin) + 1, text[begin:at]))


_LINE_END = re.compile(r"\r?\n")


def _yaml_stream(text: str, start: int) -> list[Document]:
    first_line = text.count("\n", 0, start) + 1
    lines = _LINE_END.split(text[start:])
    if lines[-1] == "":
        lines.pop()
    found: list[Document] = []
    chunk: list[str] = []
    chunk_line = first_line
    for number, line in enumerate(lines, first_line):
        if line.startswith("---"):
            rest = line[3:].strip()
            if rest and rest[0] != "#":
                raise YamlError(f"invalid Yaml document separator: {rest}", number, 4)
            if chunk:
                _add(found, chunk, chunk_line)
                chunk = []
                chunk_line = number + 1
                continue
        if not chunk:
            chunk_line = number
        chunk.append(line)
    if chunk:
        _add(found, chunk, chunk_line)
    return found


def _add(found: list[Document], chunk: list[str], line: int) -> None:
    text = "\n".join(chunk) + "\n"
    data = _convert(text, line)
    if data is not None:
        found.append(Document(data, line, text))


_SINGLE_QUOTE_ESCAPE = "found unknown escape character"


def _convert(text: str, first_line: int) -> Any:
    try:
        return _build(text)
    except yaml_build.BuildError as error:
        raise YamlError(f"error converting YAML to JSON: {error}", first_line + error.line, error.column + 1) from None
    except UnicodeEncodeError:
        raise YamlError("error converting YAML to JSON: yaml: invalid leading UTF-8 octet") from None
    except yaml.reader.ReaderError:
        raise YamlError("error converting YAML to JSON: yaml: control characters are not allowed") from None
    except yaml.MarkedYAMLError as error:
        raise _worded(error, first_line) from None


def _build(text: str) -> Any:
    """go-yaml takes two things that a parser of PyYAML may not; they are undone where the parser stops at them.

    They are an escaped single quote in double quotes, and (only PyYAML's own scanner refuses it) a tab at a line's end.
    """
    while True:
        try:
            return yaml_build.build(text)
        except yaml.scanner.ScannerError as error:
            found = _harmless_at(text, error)
            if found is None:
                raise
            text = text[: found[0]] + text[found[1] :]


def _harmless_at(text: str, error: yaml.MarkedYAMLError) -> tuple[int, int] | None:
    """The span of what may be left out where the scanner stopped."""
    mark = error.problem_mark
    if mark is None:
        return None
    line_start = 0
    for _ in range(mark.line):
        line_start = text.find("\n", line_start) + 1
        if line_start == 0:  # YAML knows other line ends than this
            return None
    at = line_start + mark.column
    if str(error.problem).startswith(_SINGLE_QUOTE_ESCAPE):
        escape = text.find("\\'", line_start)
        return (escape, escape + 1) if abs(escape - at) <= 1 else None
    line_end = text.find("\n", at)
    if text[at : at + 1] == "\t" and line_end > 0 and not text[at:line_end].strip():
        return at, line_end
    return None


# PyYAML's own scanner words some problems otherwise than libyaml (and go-yaml). Only met where libyaml is missing.
_PURE_WORDS = (
    (re.compile(r"found character '.*' that cannot start any token"), "found character that cannot start any token"),
    (re.compile(r"mapping values are not allowed here"), "mapping values are not allowed in this context"),
    (re.compile(r"sequence entries are not allowed here"), "block sequence entries are not allowed in this context"),
    (re.compile(r"mapping keys are not allowed here"), "mapping keys are not allowed in this context"),
    (re.compile(r"expected <block end>, but found .*"), "did not find expected key"),
    (re.compile(r"expected ',' or '(.)', but got .*"), r"did not find expected ',' or '\1'"),
    (re.compile(r"found unknown escape character .*"), "found unknown escape character"),
    (re.compile(r"expected a comment or a line break, but found .*"), "did not find expected comment or line break"),
    (re.compile(r"expected (alphabetic or numeric character), but found .*"), r"did not find expected \1"),
    (re.compile(r"expected '>', but found .*"), "did not find the expected '>'"),
    (re.compile(r"expected escape sequence of .*"), "did not find expected hexdecimal number"),
    (re.compile(r"expected the node content, but found .*"), "did not find expected node content"),
    (re.compile(r"expected '<document start>', but found .*"), "did not find expected <document start>"),
)  # fmt: skip


def _worded(error: yaml.MarkedYAMLError, first_line: int) -> YamlError:
    """go-yaml's words: the line of the problem where it is not the first, else that of its context.

    A scanner stands on the line it complains of, a parser on the one after it.
    Source: go.yaml.in/yaml/v2 decode.go (parser.fail)
    """
    problem = str(error.problem)
    if problem.startswith("expected <block end>") and "block collection" in str(error.context):
        problem = "did not find expected '-' indicator"
    for pattern, words in _PURE_WORDS:
        problem = pattern.sub(words, problem)
    mark = error.problem_mark or error.context_mark
    line = 0
    for known in (error.problem_mark, error.context_mark):
        if known is not None and known.line:
            line = known.line + isinstance(error, yaml.scanner.ScannerError)
            break
    where = f"line {line}: " if line else ""
    message = f"error converting YAML to JSON: yaml: {where}{problem}"
    if mark is None:
        return YamlError(message)
    return YamlError(message, first_line + mark.line, mark.column + 1)
