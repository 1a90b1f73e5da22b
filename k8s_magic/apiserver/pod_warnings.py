"""Warnings about Pods and templates."""

from __future__ import annotations

from collections.abc import Iterable

from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object


def warnings(kind: Kind, obj: Object, old: Object | None) -> Iterable[str]:
    return ()
