"""kubectl.kubernetes.io/last-applied-configuration: what apply and --save-config remember.

Source: kubectl/pkg/util/apply.go
"""

from __future__ import annotations

from k8s_magic.kubectl.flags import Flag
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.text import json_out

ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"
SAVE_CONFIG = Flag("save-config", "bool", help="Keep the configuration in an annotation, for a later kubectl apply.")


def original(obj: Object) -> str | None:
    """What was applied last, as JSON text; None where the object does not say."""
    return meta.annotations_of(obj).get(ANNOTATION)


def configuration(obj: Object, *, typed: bool = False) -> str:
    """The object as the annotation holds it: without the annotation itself, ending at a line's end.

    `typed` objects (made by a generator) keep their field order and have no empty annotations.
    """
    bare = without(obj)
    if typed and not bare["metadata"]["annotations"]:
        del bare["metadata"]["annotations"]
    return json_out.compact(bare, sort=not typed) + "\n"


def annotated(obj: Object, *, typed: bool = False) -> Object:
    """The object with the annotation (CreateApplyAnnotation)."""
    annotations = {**meta.annotations_of(obj), ANNOTATION: configuration(obj, typed=typed)}
    return {**obj, "metadata": {**(obj.get("metadata") or {}), "annotations": annotations}}


def without(obj: Object) -> Object:
    """The object without the annotation."""
    annotations = {key: value for key, value in meta.annotations_of(obj).items() if key != ANNOTATION}
    return {**obj, "metadata": {**(obj.get("metadata") or {}), "annotations": annotations}}


def create_or_update(create: bool, obj: Object, *, typed: bool = False) -> Object:
    """With the annotation where it is asked for, or where the object already has it."""
    return annotated(obj, typed=typed) if create or original(obj) is not None else obj
