"""Pods of one template: the server works out defaults, admission and validity once for the spec that they share.

A component's Pod whose `spec` is the very object that an earlier Pod was made from, with equal labels and
annotations, in the same namespace, under unchanged policy (admission's epoch), can only come out the same. What differs
is its names and its owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8s_magic.apiserver.admission import Admission, service_account
from k8s_magic.apiserver.core import Core
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS

# Templates in use at once are few; when there are more the table starts afresh.
MOST = 1_000
SHARED = frozenset({"generateName", "namespace", "labels", "annotations", "ownerReferences"})


@dataclass(slots=True)
class Template:
    spec: Object  # as the component gave it; held, so that its identity stays its own
    epoch: int
    generate_name: str
    labels: Object | None
    annotations: Object | None
    owners: list[Object] | None
    result: Object  # the Pod that came of it
    given: Object | None  # the Pod before admission, for managedFields: all share the first's
    token_volume: str  # the random name in it; "" without one


class PodTemplates:
    def __init__(self, core: Core, admission: Admission) -> None:
        self._core = core
        self._admission = admission
        self._templates: dict[tuple[int, str], Template] = {}

    def pod(self, namespace: str, body: Object) -> tuple[Object, Object | None] | None:
        """The admitted Pod, and what it was before admission; None when the long way must be taken."""
        spec = body.get("spec")
        template = self._templates.get((id(spec), namespace))
        if template is None or template.spec is not spec or template.epoch != self._admission.epoch:
            return None
        given = body["metadata"]
        if (
            given.get("generateName") != template.generate_name
            or given.get("labels") != template.labels
            or given.get("annotations") != template.annotations
            or not given.keys() <= SHARED
            or given.get("namespace", namespace) != namespace
        ):
            return None
        core = self._core
        result = template.result
        name = core.generated_name(template.generate_name)
        entries = core.table(PODS).entries
        while (namespace, name) in entries:
            name = core.generated_name(template.generate_name)
        metadata = {
            **result["metadata"],
            "name": name,
            "uid": core.uid(),
            "creationTimestamp": core.now_text(),
        }
        owners = given.get("ownerReferences")
        if owners is not None and owners != template.owners:
            metadata["ownerReferences"] = owners
        elif owners is None:
            metadata.pop("ownerReferences", None)
        new_spec = result["spec"]
        if template.token_volume:
            new_spec = service_account.renamed(new_spec, template.token_volume, self._admission.token_volume_name())
        return {**result, "metadata": metadata, "spec": new_spec}, template.given

    def remember(self, namespace: str, body: Any, result: Object, before: Object | None) -> None:
        """What the long way made of a component's Pod."""
        given = body["metadata"]
        spec = body.get("spec")
        if "generateName" not in given or "name" in given or not isinstance(spec, dict):
            return
        if len(self._templates) >= MOST:
            self._templates.clear()
        metadata = {**result["metadata"]}
        metadata.pop("resourceVersion", None)
        self._templates[id(spec), namespace] = Template(
            spec,
            self._admission.epoch,
            given["generateName"],
            given.get("labels"),
            given.get("annotations"),
            metadata.get("ownerReferences"),
            {**result, "metadata": metadata},
            before,
            service_account.token_volume(result["spec"]),
        )
