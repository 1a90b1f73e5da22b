"""Paths of files: relative, without steps back. Source: pkg/apis/core/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors

FILE_MODE = "must be a number between 0 and 0777 (octal), both inclusive"


def no_backsteps(value: str, path: str) -> Errors:
    if ".." in value.split("/"):
        return [field.invalid(path, value, "must not contain '..'")]
    return []


def descending(value: str, path: str) -> Errors:
    found: Errors = []
    if value.startswith("/"):
        found.append(field.invalid(path, value, "must be a relative path"))
    return found + no_backsteps(value, path)


def non_reserved(value: str, path: str) -> Errors:
    found = descending(value, path)
    if value.startswith("..") and not value.startswith("../"):
        found.append(field.invalid(path, value, "must not start with '..'"))
    return found


def file_mode(value: int | None, path: str) -> Errors:
    if value is not None and not 0 <= value <= 0o777:
        return [field.invalid(path, value, FILE_MODE)]
    return []
