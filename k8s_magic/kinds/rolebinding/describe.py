"""How `kubectl describe rolebinding` and `clusterrolebinding` tell of a binding.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext, Writer, metadata_lines
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    w = Writer()
    w(0, f"Name:\t{obj['metadata']['name']}")
    metadata_lines(w, obj)
    w(0, "Role:")
    w(1, f"Kind:\t{obj['roleRef']['kind']}")
    w(1, f"Name:\t{obj['roleRef']['name']}")
    w(0, "Subjects:")
    w(1, "Kind\tName\tNamespace")
    w(1, "----\t----\t---------")
    for subject in obj.get("subjects") or ():
        w(1, f"{subject['kind']}\t{subject['name']}\t{subject.get('namespace', '')}")
    return w.text()
