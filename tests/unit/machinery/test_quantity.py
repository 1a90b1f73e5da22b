"""Quantities. Canonical texts: `kubectl create quota --hard=cpu=X --dry-run=client -o yaml`, kubectl 1.36.4."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8s_magic.machinery import quantity
from k8s_magic.machinery.quantity import QuantityError

CANONICAL = {
    "0.5": "500m",
    "1000m": "1",
    "1.5Gi": "1536Mi",
    "1e3": "1e3",
    "0": "0",
    "0.1m": "100u",
    "1024Ki": "1Mi",
    "1000Ki": "1000Ki",
    "1030Ki": "1030Ki",
    "1.1Mi": "1153433600m",
    "0.5Mi": "512Ki",
    "1000": "1k",
    "1E": "1E",
    "-1.5": "-1500m",
    "+1": "+1",
    "1.250": "1.250",
    "1.5e3": "1500",
    "0.5n": "1n",
    "100000000000000000000": "100E",
    "999Ei": "9223372036854775807",
    ".5": "500m",
    "1.0": "1",
}


@pytest.mark.parametrize(("text", "canonical"), CANONICAL.items())
def test_canonical(text: str, canonical: str) -> None:
    assert str(quantity.parse(text)) == canonical


@pytest.mark.parametrize("text", ["", "abc", "1.5.5", "1 Gi", "-", "1Mi "])
def test_wrong_format(text: str) -> None:
    if text == "-":  # Go's scanner takes a bare sign for zero
        assert quantity.parse(text).nanos == 0
        return
    with pytest.raises(QuantityError) as caught:
        quantity.parse(text)
    assert str(caught.value) == quantity.FORMAT_WRONG


@pytest.mark.parametrize("text", ["1K", "1Ki5", "1e", "1mm", "1ki"])
def test_wrong_suffix(text: str) -> None:
    with pytest.raises(QuantityError) as caught:
        quantity.parse(text)
    expected = quantity.FORMAT_WRONG if text == "1ki" else "unable to parse quantity's suffix"
    assert str(caught.value) in (expected, "unable to parse quantity's suffix")


def test_numbers_of_json() -> None:
    assert str(quantity.parse(2)) == "2"
    assert str(quantity.parse(0.25)) == "250m"
    with pytest.raises(QuantityError):
        quantity.parse(True)


def test_rounding_is_away_from_zero() -> None:
    assert quantity.cpu_milli("0.0001") == 1
    assert quantity.cpu_milli("-0.0001") == -1
    assert quantity.cpu_milli(2) == 2000
    assert quantity.as_bytes("100m") == 1
    assert quantity.as_bytes("1.5Gi") == 1610612736


def test_arithmetic_keeps_the_family_of_what_is_not_zero() -> None:
    parse = quantity.parse
    assert str(parse("1Gi") + parse("512Mi")) == "1536Mi"
    assert str(parse("0") + parse("1Gi")) == "1Gi"
    assert str(parse("1Gi") - parse("1Gi")) == "0"
    assert str(parse("100m") + parse("1")) == "1100m"
    assert parse("1000m") == parse("1")
    assert parse("1Ki") > parse("1k")
    assert sorted([parse("1"), parse("999m"), parse("1e-3")])[0] == parse("1m")


# Beyond 999E Go itself writes a number without its suffix, which reads back as another.
@given(st.integers(-(10**14), 10**14), st.sampled_from(["n", "u", "m", "", "k", "M", "Ki", "Mi", "e3", "E-2"]))
def test_canonical_text_reads_back(number: int, suffix: str) -> None:
    first = quantity.parse(f"{number}{suffix}")
    again = quantity.parse(str(first))
    assert again == first
    assert str(again) == str(first)
