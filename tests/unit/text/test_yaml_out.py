"""YAML and JSON to the byte, compared with kubectl 1.36.4 (`create configmap --dry-run=client -o yaml`)."""

from __future__ import annotations

from typing import Any

import pytest

from k8s_magic.text import json_out, yaml_in, yaml_out


def test_keys_are_sorted_and_lists_are_not_indented() -> None:
    data = {"kind": "Pod", "apiVersion": "v1", "spec": {"c": [{"name": "a", "args": ["x", ["y"]]}], "e": {}, "l": []}}
    assert yaml_out.dump(data) == (
        "apiVersion: v1\n"
        "kind: Pod\n"
        "spec:\n"
        "  c:\n"
        "  - args:\n"
        "    - x\n"
        "    - - \"y\"\n"
        "    name: a\n"
        "  e: {}\n"
        "  l: []\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", '""'),
        ("plain", "plain"),
        ("null", '"null"'),
        ("~", '"~"'),
        ("y", '"y"'),
        ("No", '"No"'),
        ("nUll", "nUll"),
        ("=", "="),
        ("<<", "<<"),
        ("1", '"1"'),
        ("0x1F", '"0x1F"'),
        ("1_000", '"1_000"'),
        ("1e3", '"1e3"'),
        ("1e400", "1e400"),
        (".5", '".5"'),
        ("12:30:45", '"12:30:45"'),
        ("2026-01-01", '"2026-01-01"'),
        ("2026-13-01", "2026-13-01"),
        ("2026-01-01T00:00:00Z", '"2026-01-01T00:00:00Z"'),
        ("100m", "100m"),
        ("10.0.0.1", "10.0.0.1"),
        ("a: b", "'a: b'"),
        ("a:b", "a:b"),
        ("a #b", "'a #b'"),
        (" a", "' a'"),
        ("- a", "'- a'"),
        ("it's", "it's"),
        ("'q'", "'''q'''"),
        ("*a", "'*a'"),
        ("a\tb", '"a\\tb"'),
        ("\x01", '"\\x01"'),
        ("😀", '"\\U0001F600"'),
        ("日本", "日本"),
        ("a\n", "|\n    a"),
        ("a\nb", "|-\n    a\n    b"),
        ("a\n\n", "|+\n    a\n"),
        ("\na", "|2-\n\n    a"),
        ("a \nb", '"a \\nb"'),
        (True, "true"),
        (None, "null"),
        (3, "3"),
        (1.0, "1"),
        (0.1, "0.1"),
        (1e-7, "1e-07"),
        (12345678.5, "1.23456785e+07"),
        (1.8446744073709552e19, "1.8446744073709552e+19"),
    ],
)
def test_scalars(value: Any, text: str) -> None:
    assert yaml_out.dump({"m": {"k": value}}) == f"m:\n  k: {text}\n"


def test_long_lines_are_folded_beyond_column_80() -> None:
    text = "the quick brown fox jumps over the lazy dog and then the quick brown fox jumps over it"
    folded = "  a: the quick brown fox jumps over the lazy dog and then the quick brown fox jumps\n    over it\n"
    assert yaml_out.dump({"data": {"a": text}}) == "data:\n" + folded
    assert yaml_out.dump({"data": {"a": text + ": x"}}) == (
        "data:\n  a: 'the quick brown fox jumps over the lazy dog and then the quick brown fox jumps\n    over it: x'\n"
    )


def test_what_is_written_reads_back() -> None:
    data = {"a": ["1", 1, 1.5, "x\ny\n", "yes", True, None, " s ", "é: #"], "long": "word " * 50 + "end"}
    assert yaml_in.load(yaml_out.dump(data)) == data


def test_json_has_gos_escapes_and_numbers() -> None:
    data = {"b": "<a>&\u2028\x7f\t", "a": [1.0, 1e21, 1e-7, 0.000001], "e": {}, "l": []}
    assert json_out.compact(data) == (
        '{"a":[1,1e+21,1e-7,0.000001],"b":"\\u003ca\\u003e\\u0026\\u2028\x7f\\t","e":{},"l":[]}'
    )
    assert json_out.dump({"kind": "X", "a": [1, {}]}, sort=False) == (
        '{\n    "kind": "X",\n    "a": [\n        1,\n        {}\n    ]\n}'
    )
    with pytest.raises(ValueError, match="json: unsupported value: NaN"):
        json_out.compact(float("nan"))
