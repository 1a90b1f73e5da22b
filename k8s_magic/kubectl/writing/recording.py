"""--record: the command line as the annotation kubernetes.io/change-cause.

Source: cli-runtime/pkg/genericclioptions/record_flags.go
"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.flags import Flag
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object

CHANGE_CAUSE = "kubernetes.io/change-cause"
RECORD = Flag(
    "record",
    "bool",
    help="Keep the command line in the annotation kubernetes.io/change-cause.",
    deprecated="--record will be removed in the future",
)


def change_cause(call: Call) -> str:
    """The command line, arguments first; "" where --record was not given."""
    if not call.flag("record"):
        return ""
    words = [call.path, *call.args]
    for name, value in call.values.given.items():
        for each in value if isinstance(value, tuple) else (value,):
            text = str(each).lower() if isinstance(each, bool) else str(each)
            words.append(f"--{name}={text}")
    return " ".join(words)


def recorded(obj: Object, cause: str) -> Object:
    """The object with its change-cause; itself where there is none to record."""
    if not cause:
        return obj
    return meta.with_metadata(obj, annotations={**meta.annotations_of(obj), CHANGE_CAUSE: cause})


def patch_for(cause: str) -> Object:
    """A merge patch that records a cause."""
    return {"metadata": {"annotations": {CHANGE_CAUSE: cause}}}
