"""What may be a label's key and value, and the words for what may not.

Source: apimachinery/pkg/api/validate/content/{kube,dns,errors}.go
"""

from __future__ import annotations

import json
import re


class SelectorError(ValueError):
    """A text or LabelSelector that is no selector; the message is apimachinery's."""


def quoted(text: str) -> str:
    """Go's %q, for all that may come in a label."""
    return json.dumps(text, ensure_ascii=False)


_KEY = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = rf"({_KEY})?"
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_KEY_PATTERN = re.compile(_KEY, re.ASCII)
_VALUE_PATTERN = re.compile(_VALUE, re.ASCII)
_SUBDOMAIN_PATTERN = re.compile(_SUBDOMAIN, re.ASCII)
MAX_NAME = 63
MAX_PREFIX = 253

EMPTY = "must be non-empty"
_ALPHANUMERIC = (
    "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
)
_KEY_ADVICE = (
    f"must {_ALPHANUMERIC} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_KEY}')"
)
_VALUE_ADVICE = (
    f"a valid label must be an empty string or {_ALPHANUMERIC} "
    f"(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '{_VALUE}')"
)
_SUBDOMAIN_ADVICE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character "
    f"(e.g. 'example.com', regex used for validation is '{_SUBDOMAIN}')"
)


def _too_long(limit: int) -> str:
    return f"must be no more than {limit} bytes"


def subdomain_errors(value: str) -> list[str]:
    """IsDNS1123Subdomain."""
    errors = [_too_long(MAX_PREFIX)] if len(value.encode()) > MAX_PREFIX else []
    if _SUBDOMAIN_PATTERN.fullmatch(value) is None:
        errors.append(_SUBDOMAIN_ADVICE)
    return errors


def key_errors(key: str) -> list[str]:
    """IsLabelKey (a qualified name): an optional DNS prefix, `/`, and a name."""
    prefix, slash, name = key.partition("/")
    if not slash:
        prefix, name = "", key
    if "/" in name:
        return [
            f"a valid label key {_KEY_ADVICE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        ]
    errors = []
    if slash and not prefix:
        errors.append(f"prefix part {EMPTY}")
    elif slash:
        errors += [f"prefix part {error}" for error in subdomain_errors(prefix)]
    if not name:
        errors.append(f"name part {EMPTY}")
    elif len(name.encode()) > MAX_NAME:
        errors.append(f"name part {_too_long(MAX_NAME)}")
    if _KEY_PATTERN.fullmatch(name) is None:
        errors.append(f"name part {_KEY_ADVICE}")
    return errors


def value_errors(value: str) -> list[str]:
    """IsLabelValue."""
    errors = [_too_long(MAX_NAME)] if len(value.encode()) > MAX_NAME else []
    if _VALUE_PATTERN.fullmatch(value) is None:
        errors.append(_VALUE_ADVICE)
    return errors
