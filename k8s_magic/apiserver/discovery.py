"""What is served: resources with their verbs, and the version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from k8s_magic.machinery.kind import Kind

# Source: /version of the recorded control plane.
VERSION: Mapping[str, str] = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.2",
    "gitCommit": "98b35193b2ac7a23a673325f5e9b830ecd5ba406",
    "gitTreeState": "clean",
    "buildDate": "2026-08-21T00:00:00Z",
    "goVersion": "go1.26.3",
    "compiler": "gc",
    "platform": "linux/amd64",
}


def resources(kinds: Iterable[Kind]) -> list[Mapping[str, Any]]:
    return [
        {
            "name": kind.gvr.resource,
            "singularName": kind.singular,
            "namespaced": kind.namespaced,
            "group": kind.gvr.group,
            "version": kind.gvr.version,
            "kind": kind.gvk.kind,
            "verbs": list(kind.verbs),
            "shortNames": list(kind.short_names),
            "categories": list(kind.categories),
            "subresources": list(kind.subresources),
        }
        for kind in kinds
    ]
