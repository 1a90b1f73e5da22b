"""A question to the server, never stored: its metadata has no rules."""

from __future__ import annotations

from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object


def validate(obj: Object) -> Errors:
    return []
