"""Label and field selectors. Error words: apimachinery/pkg/labels, fields; `kubectl get -l`, kubectl 1.36.4."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8s_magic.machinery import selectors
from k8s_magic.machinery.selectors import SelectorError

VALUE_ADVICE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
    "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
    "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("app=web", "app=web"),
        ("tier in (b, a),app==web,!old,x", "app==web,!old,tier in (a,b),x"),
        ("a notin ()", "a notin ()"),
        ("a!=", "a!="),
        ("x>5,y<7", "x>5,y<7"),
        ("in in (in,notin)", "in in (in,notin)"),
        ("a=,b", "a=,b"),
    ],
)
def test_canonical(text: str, canonical: str) -> None:
    assert str(selectors.parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("app in", "unable to parse requirement: found '' expected: '('"),
        ("app in (a", "unable to parse requirement: found '', expected: ',' or ')'"),
        ("a=b=c", "found '=', expected: ',' or 'end of string'"),
        ("=a", "found '=', expected: !, identifier, or 'end of string'"),
        ("app=web,", "found '', expected: identifier after ','"),
        ("!", "unable to parse requirement: found '', expected: identifier"),
        ("a=b/c", f'unable to parse requirement: values[0][a]: Invalid value: "b/c": {VALUE_ADVICE}'),
        (
            "/a=b",
            'unable to parse requirement: <nil>: Invalid value: "/a": prefix part must be non-empty',
        ),
        (
            "x>a",
            'unable to parse requirement: values[0]: Invalid value: "a": '
            "for 'Gt', 'Lt' operators, the value must be an integer",
        ),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(SelectorError) as caught:
        selectors.parse(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("app=web", True),
        ("app=web,app=api", False),
        ("app!=api", True),
        ("nosuch!=x", True),
        ("nosuch", False),
        ("!nosuch", True),
        ("app in (api,web),n>4", True),
        ("n<5", False),
        ("app>1", False),
        ("app notin (web)", False),
    ],
)
def test_matches(text: str, matches: bool) -> None:
    assert selectors.parse(text).matches({"app": "web", "n": "5"}) is matches


def test_exact_is_what_an_index_can_use() -> None:
    selector = selectors.parse("a=1,b==2,c in (3),d in (4,5),e")
    assert selector.exact == {"a": "1", "b": "2", "c": "3"}
    assert selectors.parse("").is_everything
    assert not selectors.from_label_selector(None).is_everything


def test_label_selector() -> None:
    selector: dict[str, Any] = {
        "matchLabels": {"b": "1", "a": "2"},
        "matchExpressions": [{"key": "c", "operator": "NotIn", "values": ["y", "x"]}],
    }
    assert selectors.format_label_selector(selector) == "a=2,b=1,c notin (x,y)"
    assert selectors.format_label_selector({}) == "<none>"
    assert selectors.format_label_selector(None) == "<none>"
    bad = {"matchExpressions": [{"key": "c", "operator": "Maybe"}]}
    assert selectors.format_label_selector(bad) == "<error>"
    assert not selectors.from_label_selector(None).matches({})
    assert selectors.from_label_selector({}).matches({})
    with pytest.raises(SelectorError, match='"Maybe" is not a valid label selector operator'):
        selectors.from_label_selector(bad)


def test_to_label_selector() -> None:
    assert selectors.to_label_selector("app=web,tier in (b,a),!old") == {
        "matchLabels": {"app": "web"},
        "matchExpressions": [
            {"key": "old", "operator": "DoesNotExist"},
            {"key": "tier", "operator": "In", "values": ["a", "b"]},
        ],
    }


def test_fields() -> None:
    selector = selectors.parse_fields("status.phase!=Running,metadata.name==a\\,b")
    assert selector.requirements == (
        ("metadata.name", "=", "a,b"),
        ("status.phase", "!=", "Running"),
    )
    assert str(selector) == "metadata.name=a\\,b,status.phase!=Running"
    assert selector.matches({"metadata.name": "a,b", "status.phase": "Pending"}.__getitem__)
    assert not selector.matches({"metadata.name": "a,b", "status.phase": "Running"}.__getitem__)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("foo", "invalid selector: 'foo'; can't understand 'foo'"),
        ("a=b=c", "invalid field selector: unescaped character in value: 61"),
        ("a=\\x", "invalid field selector: invalid escape sequence: \\x"),
    ],
)
def test_field_errors(text: str, message: str) -> None:
    with pytest.raises(SelectorError) as caught:
        selectors.parse_fields(text)
    assert str(caught.value) == message


LABELS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["1", "2", "x"]))


@given(LABELS, LABELS)
def test_equality_is_inclusion(wanted: dict[str, str], held: dict[str, str]) -> None:
    selector = selectors.from_label_selector({"matchLabels": wanted})
    assert selector.matches(held) == (wanted.items() <= held.items())
    assert selectors.parse(str(selector)).matches(held) == selector.matches(held)
