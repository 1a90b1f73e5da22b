"""Complaints of validation in apimachinery's words. Paths are texts: `spec.containers[0].name`.

Source: apimachinery/pkg/util/validation/field/errors.go
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from k8s_magic.kinds.validation import go_json
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.label_syntax import quoted

IMMUTABLE = "field is immutable"
NOT_NEGATIVE = "must be greater than or equal to 0"
POSITIVE = "must be greater than 0"
Errors = list[FieldError]


def shown(value: Any) -> str:
    """A value as Go prints it in a complaint."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return go_json.compact(value)


def _with_value(kind: str, word: str, path: str, value: Any, detail: str) -> FieldError:
    return FieldError(kind, path, f"{word}: {shown(value)}" + (f": {detail}" if detail else ""))


def invalid(path: str, value: Any, detail: str) -> FieldError:
    return _with_value("FieldValueInvalid", "Invalid value", path, value, detail)


def required(path: str, detail: str = "") -> FieldError:
    return FieldError("FieldValueRequired", path, "Required value" + (f": {detail}" if detail else ""))


def forbidden(path: str, detail: str) -> FieldError:
    return FieldError("FieldValueForbidden", path, "Forbidden" + (f": {detail}" if detail else ""))


def duplicate(path: str, value: Any) -> FieldError:
    return _with_value("FieldValueDuplicate", "Duplicate value", path, value, "")


def not_found(path: str, value: Any) -> FieldError:
    return _with_value("FieldValueNotFound", "Not found", path, value, "")


def unsupported(path: str, value: Any, valid: Iterable[str]) -> FieldError:
    """NotSupported. `valid` in the order in which it is to be named."""
    names = ", ".join(quoted(name) for name in valid)
    detail = f"supported values: {names}" if names else ""
    return _with_value("FieldValueNotSupported", "Unsupported value", path, value, detail)


def too_long(path: str, limit: int) -> FieldError:
    return FieldError("FieldValueTooLong", path, f"Too long: may not be more than {limit} bytes")


def too_many(path: str, number: int, limit: int) -> FieldError:
    items = "item" if limit == 1 else "items"
    return _with_value("FieldValueTooMany", "Too many", path, number, f"must have at most {limit} {items}")


def invalid_as(path: str, shown_value: str, detail: str) -> FieldError:
    """Invalid with a value that is printed already."""
    return FieldError("FieldValueInvalid", path, f"Invalid value: {shown_value}: {detail}")


def each(path: str, value: Any, messages: Iterable[str]) -> Errors:
    """One Invalid a message."""
    return [invalid(path, value, message) for message in messages]


def not_negative(value: int, path: str) -> Errors:
    return [invalid(path, value, NOT_NEGATIVE)] if value < 0 else []


def positive(value: int, path: str) -> Errors:
    return [invalid(path, value, POSITIVE)] if value <= 0 else []


def immutable(new: Any, old: Any, path: str) -> Errors:
    """A field that may not change; absent and empty are the same."""
    if new == old or (not new and not old and type(new) is not bool and type(old) is not bool):
        return []
    return [invalid(path, "" if new is None and isinstance(old, str) else new, IMMUTABLE)]


def one_of(value: Any, valid: Iterable[str], path: str) -> Errors:
    """Required when empty, Unsupported when not among the valid (named in order)."""
    names = sorted(valid)
    if not value:
        return [required(path)]
    return [] if value in names else [unsupported(path, value, names)]
