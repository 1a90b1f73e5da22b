"""What resource.Quantity holds inside after it was read from its canonical text.

The parser keeps small numbers as an int64 and a scale, others as an inf.Dec, and keeps the text itself only where it
is sure that the text is canonical. All of this shows in the dump that is hashed.
Source: apimachinery/pkg/api/resource quantity.go ParseQuantity, suffix.go
"""

from __future__ import annotations

import re
from typing import NamedTuple

DECIMAL_SI, BINARY_SI, DECIMAL_EXPONENT = "DecimalSI", "BinarySI", "DecimalExponent"
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
MAX_INT64 = (1 << 63) - 1
MAX_INT64_FACTORS = 18
NANO = -9
SYNTAX = re.compile(r"([+-]?)0*(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[+-]?\d*)$")


class GoQuantity(NamedTuple):
    """`decimal` is (unscaled, scale) of the inf.Dec, None where the number fits `value` and `scale`."""

    value: int
    scale: int
    decimal: tuple[int, int] | None
    text: str
    format: str


def read(text: str) -> GoQuantity:
    """Raises: ValueError for what is no quantity."""
    if text == "0":
        return GoQuantity(0, 0, None, "0", DECIMAL_SI)
    match = SYNTAX.match(text)
    if match is None:
        raise ValueError(f"{text!r} is no quantity")
    sign, number, fraction, suffix = match.group(1), match.group(2) or "0", match.group(3) or "", match.group(4)
    negative = sign == "-"
    if suffix in DECIMAL:
        exponent, family = DECIMAL[suffix], DECIMAL_SI
    elif suffix in BINARY:
        exponent, family = BINARY[suffix], BINARY_SI
    else:
        exponent, family = int(suffix[1:]), DECIMAL_EXPONENT
    fast = _fast(text, negative, number, fraction, exponent, family)
    return fast if fast is not None else _exact(negative, number, fraction, exponent, family)


def _fast(text: str, negative: bool, number: str, fraction: str, exponent: int, family: str) -> GoQuantity | None:
    mantissa, scale, precision = 1, 0, -1
    if family != BINARY_SI:
        scale, precision = exponent, MAX_INT64_FACTORS - len(number) - len(fraction)
    elif not fraction:
        mantissa, precision = 1 << exponent, 15 - len(number) - exponent * 3 // 10 - 1
    scale -= len(fraction)
    if precision < 0 or scale < NANO:
        return None
    shifted = number + fraction
    value = int(shifted)
    result = value * mantissa
    if result > MAX_INT64:
        return None
    if family == BINARY_SI:
        keeps_text = exponent % 10 == 0 and value & 7 != 0
    else:
        keeps_text = scale % 3 == 0 and not shifted.endswith("000") and shifted[0] != "0"
    return GoQuantity(-result if negative else result, scale, None, text if keeps_text else "", family)


def _exact(negative: bool, number: str, fraction: str, exponent: int, family: str) -> GoQuantity:
    """The number as an inf.Dec rounded up to nano, which leaves it with nine decimals."""
    unscaled, scale = int(number + fraction), len(fraction)
    if family == BINARY_SI:
        unscaled <<= exponent
    else:
        scale -= exponent
    if unscaled:
        shift = -NANO - scale
        unscaled = unscaled * 10**shift if shift >= 0 else -(-unscaled // 10**-shift)
        scale = -NANO
    if family == BINARY_SI:
        if unscaled > MAX_INT64 * 10**scale:
            unscaled, scale = MAX_INT64, 0
        elif 0 < unscaled < 10**scale:
            family = DECIMAL_SI
    return GoQuantity(0, 0, (-unscaled if negative else unscaled, scale), "", family)
