"""StatefulSet: numbered Pods with a stable name and storage."""

from __future__ import annotations

from k8s_magic.kinds import pod_selector
from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.kind import Scale
from k8s_magic.machinery.meta import Object


def prepare_create(obj: Object) -> None:
    """Drops rollingUpdate.maxUnavailable: its gate MaxUnavailableStatefulSet is off."""
    rolling = obj["spec"]["updateStrategy"].get("rollingUpdate")
    if rolling is not None:
        rolling.pop("maxUnavailable", None)


def prepare_update(new: Object, old: Object) -> None:
    prepare_create(new)


KIND = Behaviour(
    "StatefulSet",
    "apps",
    template=("spec", "template"),
    generation=("spec",),
    prepare_create=prepare_create,
    prepare_update=prepare_update,
    scale=Scale(selector=pod_selector.of_label_selector),
    pod_selector=pod_selector.of_label_selector,
)
