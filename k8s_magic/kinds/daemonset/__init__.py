"""DaemonSet: one Pod on each node that fits."""

from __future__ import annotations

from k8s_magic.kinds import pod_selector
from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.meta import Object


def prepare_create(obj: Object) -> None:
    """Counts template changes in the deprecated annotation. Source: apps/v1/conversion.go"""
    _set_template_generation(obj, 1)


def prepare_update(new: Object, old: Object) -> None:
    number = int((old["metadata"].get("annotations") or {}).get(TEMPLATE_GENERATION, "1"))
    _set_template_generation(new, number + (new["spec"]["template"] != old["spec"]["template"]))


TEMPLATE_GENERATION = "deprecated.daemonset.template.generation"


def _set_template_generation(obj: Object, number: int) -> None:
    annotations = obj["metadata"].get("annotations") or {}
    obj["metadata"]["annotations"] = {**annotations, TEMPLATE_GENERATION: str(number)}


KIND = Behaviour(
    "DaemonSet",
    "apps",
    template=("spec", "template"),
    generation=("spec",),
    prepare_create=prepare_create,
    prepare_update=prepare_update,
    pod_selector=pod_selector.of_label_selector,
)
