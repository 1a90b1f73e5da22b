"""Whole numbers or percentages, as rolling updates and disruption budgets have them.

Source: pkg/apis/apps/validation/validation.go
"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, words
from k8s_magic.kinds.validation.field import Errors

Amount = int | str


def number_or_percent(value: Amount, path: str) -> Errors:
    if isinstance(value, str):
        return field.each(path, value, words.percent(value))
    return field.not_negative(value, path)


def bare(value: Amount) -> int:
    """The number, or the percentage's number; 0 for what is neither."""
    if isinstance(value, int):
        return value
    text = value[:-1] if not words.percent(value) else value
    return int(text) if text.lstrip("-").isdigit() else 0


def at_most_all(value: Amount, path: str) -> Errors:
    if isinstance(value, str) and not words.percent(value) and bare(value) > 100:
        return [field.invalid(path, value, "must not be greater than 100%")]
    return []
