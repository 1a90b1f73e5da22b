"""YAML as kubectl 1.36.4 reads it (checked with `kubectl label --local -f FILE -o json`)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from k8s_magic.text import yaml_in


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("y", True),
        ("off", False),
        ("0x10", 16),
        ("0o17", 15),
        ("017", 15),
        ("08", 8),
        ("1_000", 1000),
        ("0b11", 3),
        ("-0b11", -3),
        ("1e3", 1000),
        ("1.0", 1),
        (".5", 0.5),
        ("1e21", 1e21),
        ("18446744073709551615", 1.8446744073709552e19),
        ("1e400", "1e400"),
        ("1e5.", "1e5."),
        ("2001-01-01", "2001-01-01"),
        ("2001-01-01T10:00:00Z", "2001-01-01T10:00:00Z"),
        ("12:30:45", "12:30:45"),
        ("~", None),
        ("", None),
        ("!!str 123", "123"),
        ("!foo bar", "bar"),
        ("!!binary aGVsbG8=", "hello"),
        ('"x\\\'y"', "x'y"),
        ("b  \t", "b"),
        ("|\n  a\n  b", "a\nb\n"),
    ],
)
def test_values(text: str, value: Any) -> None:
    found = yaml_in.load(f"k: {text}\n")["k"]
    assert found == value
    assert type(found) is type(value)


def test_keys_become_text_and_the_last_of_two_wins() -> None:
    assert yaml_in.load("on: 1\n5: 2\n1.5: 3\na: 1\na: 2\n") == {"true": 1, "5": 2, "1.5": 3, "a": 2}


def test_a_merge_wins_over_what_stands_before_it() -> None:
    text = "base: &b\n  u: 1\n  v: 2\nm:\n  u: 9\n  <<: *b\np:\n  <<: *b\n  u: 10\n"
    found = yaml_in.load(text)
    assert found["m"] == {"u": 1, "v": 2}
    assert found["p"] == {"u": 10, "v": 2}
    found["m"]["u"] = 5
    assert found["base"]["u"] == 1


def test_documents_part_at_separators_and_empty_ones_are_left_out() -> None:
    found = yaml_in.documents("# only a comment\n---\na: 1\n--- # more\n---\nb: 2\n...\nignored: [\n---\nc: |\n  x")
    assert [(document.data, document.line) for document in found] == [({"a": 1}, 3), ({"b": 2}, 5), ({"c": "x\n"}, 10)]


def test_json_streams() -> None:
    found = yaml_in.documents(' {"a": 1}\n{"b": [1.5, true, null]}\n')
    assert [(document.data, document.line) for document in found] == [({"a": 1}, 1), ({"b": [1.5, True, None]}, 2)]
    assert yaml_in.documents("{a: b, c: [d]}\n")[0].data == {"a": "b", "c": ["d"]}


HEAD = "apiVersion: v1\nkind: A\nmetadata: {name: q}\n"
CONVERTING = "error converting YAML to JSON: "
ERRORS = [
    (HEAD + "a: b: c\n", "yaml: line 4: mapping values are not allowed in this context"),
    ("a: b: c\n", "yaml: mapping values are not allowed in this context"),
    (HEAD + "a: 'b\n", "yaml: line 5: found unexpected end of stream"),
    (HEAD + "\ta: b\n", "yaml: line 4: found character that cannot start any token"),
    (HEAD + "a: [b\n", "yaml: line 4: did not find expected ',' or ']'"),
    (HEAD + "a: {b: c\nd: e\n", "yaml: line 4: did not find expected ',' or '}'"),
    (HEAD + " a: b\n", "yaml: line 3: did not find expected key"),
    (HEAD + "a: !<x\n", "yaml: line 4: did not find the expected '>'"),
    (HEAD + "a\nb: c\n", "yaml: line 5: could not find expected ':'"),
    (HEAD + "a: *nope\n", "yaml: unknown anchor 'nope' referenced"),
    (HEAD + "a: &a [*a]\n", "yaml: anchor 'a' value contains itself"),
    (HEAD + "a: \x01\n", "yaml: control characters are not allowed"),
    (HEAD + "a: .nan\n", "json: unsupported value: NaN"),
    (HEAD + "? [a]\n: b\n", 'yaml: invalid map key: []interface {}{"a"}'),
    (HEAD + "~: b\n", 'unsupported map key of type: %!s(<nil>), key: <nil>, value: "b"'),
    ("x: 1\n---\n" + HEAD + "a: b: c\n", "yaml: line 4: mapping values are not allowed in this context"),
]


@pytest.mark.parametrize(("text", "words"), ERRORS)
def test_errors_have_go_yamls_words(text: str, words: str) -> None:
    with pytest.raises(yaml_in.YamlError) as caught:
        yaml_in.documents(text)
    assert caught.value.message == CONVERTING + words


@pytest.mark.parametrize(("text", "words"), [error for error in ERRORS if "hexdecimal" not in error[1]][:1])
def test_an_error_knows_its_place_in_the_whole_text(text: str, words: str) -> None:
    with pytest.raises(yaml_in.YamlError) as caught:
        yaml_in.documents("x: 1\n---\n" + text)
    assert (caught.value.line, caught.value.column) == (6, 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("--- foo\na: b\n", "invalid Yaml document separator: foo"),
        ('{"a": 1, "b": [1,2,}', "json: offset 20: invalid character '}' looking for beginning of value"),
        ('{"a" 1}', "json: offset 6: invalid character '1' after object key"),
        ('{"a": "\\q"}', "json: offset 9: invalid character 'q' in string escape code"),
        ('{"a":{"b":1}', "unexpected EOF"),
    ],
)
def test_errors_of_streams(text: str, words: str) -> None:
    with pytest.raises(yaml_in.YamlError) as caught:
        yaml_in.documents(text)
    assert caught.value.message == words


def test_size_depth_and_aliases_are_bounded() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
    )
    for text, words in (
        (bomb, "document contains excessive aliasing"),
        ("a: " + "[" * 250 + "]" * 250, "exceeded max depth"),
        ("#" * 4_000_000, "Request entity too large"),
    ):
        with pytest.raises(yaml_in.YamlError, match=words):
            yaml_in.documents(text)


def test_without_libyaml_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    text = "a: yes\nb: [1, 0x2, 'x']\nc: |\n  t\nd: \"it\\'s\"\ne: f \t\n"
    assert yaml_in.load(text) == {"a": True, "b": [1, 2, "x"], "c": "t\n", "d": "it's", "e": "f"}
    for text, words in ERRORS[:3]:
        with pytest.raises(yaml_in.YamlError) as caught:
            yaml_in.documents(text)
        assert caught.value.message == CONVERTING + words
