"""New Pod templates, in the order and with the empty structs of the Go types.

Source: api/core/v1/types.go; kubectl 1.36.4's own `--dry-run=client -o yaml`
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8s_magic.machinery.meta import Object


def container(name: str, image: str, *, command: Sequence[str] = (), **more: Any) -> Object:
    """`more` are further fields in their type's order; empty ones are left out."""
    found: Object = {"name": name, "image": image}
    if command:
        found["command"] = list(command)
    for key in ("args", "ports", "env"):
        if more.get(key):
            found[key] = more[key]
    found["resources"] = {}
    for key in ("imagePullPolicy", "securityContext", "stdin", "stdinOnce", "tty"):
        if more.get(key):
            found[key] = more[key]
    return found


def template(containers: list[Object], *, labels: Object | None = None, **spec: Any) -> Object:
    return {"metadata": {"labels": labels} if labels else {}, "spec": {"containers": containers, **spec}}
