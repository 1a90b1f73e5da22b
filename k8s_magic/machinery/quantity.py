"""Amounts of resources as the API writes them: `parse("1.5Gi")` is `1536Mi`, exactly as Go's resource.Quantity.

A quantity is a whole number of nano-units and the family of suffixes it was written in. Nothing here is a float.

Source: apimachinery/pkg/api/resource/{quantity,suffix,amount}.go
"""

from __future__ import annotations

import re
from functools import lru_cache, total_ordering

DECIMAL_SI = "DecimalSI"
BINARY_SI = "BinarySI"
DECIMAL_EXPONENT = "DecimalExponent"

FORMAT_WRONG = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"  # ErrFormatWrong
)
NUMERIC = "unable to parse numeric part of quantity"  # ErrNumeric
SUFFIX = "unable to parse quantity's suffix"  # ErrSuffix

NANO = 10**9
_MAX_INT64 = 2**63 - 1
_MAX_INT64_DIGITS = 18  # maxInt64Factors
# Our guard: Go keeps the exponent apart and takes any; we write numbers out, so we refuse absurd ones.
_MAX_EXPONENT = 400

_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL_SUFFIX = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_BINARY_SUFFIX = {exponent: suffix for suffix, exponent in _BINARY.items()}

_PARTS = re.compile(r"([+-]?)([0-9]*)(?:(\.)([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)", re.ASCII)
_EXPONENT = re.compile(r"[eE]([-+]?[0-9]+)", re.ASCII)


class QuantityError(ValueError):
    """A text that is no quantity; the message is Go's."""


@total_ordering
class Quantity:
    """An exact amount. Ordered and compared by amount alone (`1000m` equals `1`); `str()` is the canonical text."""

    __slots__ = ("_text", "format", "nanos")

    def __init__(self, nanos: int, format: str = DECIMAL_SI, text: str = "") -> None:
        self.nanos = nanos
        self.format = format
        self._text = text

    @property
    def value(self) -> int:
        """Whole units, rounded away from zero."""
        return _round_up(self.nanos, NANO)

    @property
    def milli(self) -> int:
        """Thousandths, rounded away from zero: CPU as the scheduler counts it."""
        return _round_up(self.nanos, 10**6)

    @property
    def is_zero(self) -> bool:
        return self.nanos == 0

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.nanos + other.nanos, self.format if self.nanos else other.format)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.nanos - other.nanos, self.format if self.nanos else other.format)

    def __neg__(self) -> Quantity:
        return Quantity(-self.nanos, self.format)

    def __mul__(self, factor: int) -> Quantity:
        return Quantity(self.nanos * factor, self.format)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.nanos == other.nanos

    def __lt__(self, other: Quantity) -> bool:
        return self.nanos < other.nanos

    def __hash__(self) -> int:
        return hash(self.nanos)

    def __repr__(self) -> str:
        return f"Quantity({str(self)!r})"

    def __str__(self) -> str:
        if not self._text:
            self._text = _canonical(self.nanos, self.format)
        return self._text


def _round_up(amount: int, unit: int) -> int:
    return -(-amount // unit) if amount >= 0 else amount // unit


def _canonical(nanos: int, format: str) -> str:
    """Quantity.CanonicalizeBytes: as large a suffix as keeps the number whole."""
    if nanos == 0:
        return "0"
    if format == BINARY_SI and abs(nanos) >= 1024 * NANO and nanos % NANO == 0:
        number, exponent = nanos // NANO, 0
        while number % 1024 == 0:
            number //= 1024
            exponent += 10
        return f"{number}{_BINARY_SUFFIX.get(exponent, '')}"
    number, exponent = nanos, -9
    while number % 1000 == 0:
        number //= 1000
        exponent += 3
    if format == DECIMAL_EXPONENT:
        return f"{number}e{exponent}" if exponent else str(number)
    return f"{number}{_DECIMAL_SUFFIX.get(exponent, '')}"


def parse(text: str | int | float) -> Quantity:
    """Read a quantity as it stands in JSON: a text or a number.

    Raises: QuantityError with Go's words.
    """
    if isinstance(text, str):
        return _parse(text)
    if isinstance(text, bool) or not isinstance(text, int | float):
        raise QuantityError(FORMAT_WRONG)
    return _parse(str(text) if isinstance(text, int) else repr(text))


@lru_cache(maxsize=4096)
def _parse(text: str) -> Quantity:
    found = _PARTS.fullmatch(text) if text else None
    if found is None:
        raise QuantityError(FORMAT_WRONG)
    if text == "0":
        return Quantity(0, DECIMAL_SI, text)
    sign, whole, _, fraction, suffix = found.groups()
    whole, fraction = whole.lstrip("0") or "0", fraction or ""
    exponent, family = _interpret(suffix)
    if exponent > _MAX_EXPONENT or exponent < -_MAX_EXPONENT or len(whole) + len(fraction) > _MAX_EXPONENT:
        raise QuantityError(NUMERIC)
    digits = whole + fraction
    number = int(digits)

    if family == BINARY_SI:
        amount = (number << exponent) * NANO
        nanos = -(-amount // 10 ** len(fraction))
        fast = not fraction and 15 - len(whole) - exponent * 3 // 10 - 1 >= 0
        if not fast and nanos > _MAX_INT64 * NANO:
            nanos = _MAX_INT64 * NANO
        if not fast and 0 < nanos < NANO:
            family = DECIMAL_SI
        keeps_text = fast and number & 0x07 != 0
    else:
        scale = exponent - len(fraction)
        power = scale + 9
        nanos = number * 10**power if power >= 0 else -(-number // 10**-power)
        fast = len(digits) <= _MAX_INT64_DIGITS and scale >= -9
        keeps_text = fast and scale % 3 == 0 and not digits.endswith("000") and digits[0] != "0"
    return Quantity(-nanos if sign == "-" else nanos, family, text if keeps_text else "")


def _interpret(suffix: str) -> tuple[int, str]:
    if suffix in _DECIMAL:
        return _DECIMAL[suffix], DECIMAL_SI
    if suffix in _BINARY:
        return _BINARY[suffix], BINARY_SI
    found = _EXPONENT.fullmatch(suffix)
    if found is None or len(found[1]) > 12:
        raise QuantityError(SUFFIX)
    return int(found[1]), DECIMAL_EXPONENT


@lru_cache(maxsize=4096, typed=True)
def cpu_milli(text: str | int | float) -> int:
    """Units: thousandths of a CPU, rounded up. For hot paths: a table look-up after the first time."""
    return parse(text).milli


@lru_cache(maxsize=4096, typed=True)
def as_bytes(text: str | int | float) -> int:
    """Units: whole bytes (or Pods, or any other countable), rounded up."""
    return parse(text).value
