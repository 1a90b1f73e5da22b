"""Provisioners and their parameters. Source: pkg/apis/storage/validation/validation.go"""

from __future__ import annotations

from k8s_magic.kinds.validation import field
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax

MAX_SIZE, MAX_NUMBER = 256 * 1024, 512


def provisioner(name: str, path: str) -> Errors:
    if not name:
        return [field.required(path)]
    return field.each(path, name.lower(), label_syntax.key_errors(name.lower()))


def validate(values: dict[str, str], path: str, *, may_be_empty: bool = True) -> Errors:
    if len(values) > MAX_NUMBER:
        return [field.too_long(path, MAX_NUMBER)]
    found = [field.invalid(path, key, "field can not be empty.") for key in values if not key]
    if sum(len(key.encode()) + len(value.encode()) for key, value in values.items()) > MAX_SIZE:
        found.append(field.too_long(path, MAX_SIZE))
    if not may_be_empty and not values:
        found.append(field.required(path, "must contain at least one key/value pair"))
    return found
