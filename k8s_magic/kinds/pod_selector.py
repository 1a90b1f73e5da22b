"""The Pod selector of a workload in text form, as logs, expose, wait and the scale subresource show it."""

from __future__ import annotations

from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object


def of_label_selector(obj: Object) -> str:
    """`spec.selector` is a LabelSelector."""
    return str(selectors.from_label_selector(obj["spec"].get("selector") or {}))


def of_equality(obj: Object) -> str:
    """`spec.selector` is a plain map of labels."""
    selector = obj["spec"].get("selector") or {}
    return ",".join(f"{key}={selector[key]}" for key in sorted(selector))
