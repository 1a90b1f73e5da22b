"""Creates, deletes, adopts and releases the Pods of an owner, and says so in events.

Source: pkg/controller/controller_utils.go RealPodControl, controller_ref_manager.go (v1.36)
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, repeat
from typing import Any

from k8s_magic.client.recorder import EventRecorder
from k8s_magic.controllers import _writes
from k8s_magic.machinery import meta, names
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport
from k8s_magic.machinery.selectors import Selector

# Source: pkg/controller/controller_utils.go SlowStartInitialBatchSize
SLOW_START = 1
# A generateName that would be longer than a name may be loses its dash. Source: getPodsPrefix
LONGEST_NAME = 253
REMOVED_FINALIZERS = "$deleteFromPrimitiveList/finalizers"


def from_template(template: Object, owner: Object) -> Object:
    """A Pod of an owner's template. It shares the template's spec, labels and annotations."""
    source = template.get("metadata") or {}
    name = owner["metadata"]["name"]
    metadata: dict[str, Any] = {"generateName": f"{name}-" if len(name) < LONGEST_NAME else name}
    for field in ("labels", "annotations", "finalizers"):
        if source.get(field):
            metadata[field] = source[field]
    metadata["ownerReferences"] = [meta.owner_reference(owner)]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


class PodControl:
    def __init__(self, transport: Transport, recorder: EventRecorder) -> None:
        self._transport = transport
        self._recorder = recorder

    def create(self, count: int, template: Object, owner: Object) -> ApiError | None:
        """Create Pods in batches of 1, 2, 4, …; a batch with a failure is the last. Answers the first failure."""
        return self.create_each(repeat(from_template(template, owner), count), owner)[1]

    def create_each(self, pods: Iterable[Object], owner: Object) -> tuple[int, ApiError | None]:
        """The same for Pods that differ; answers also how many were made."""
        namespace = meta.namespace_of(owner)
        rest = iter(pods)
        batch = SLOW_START
        count = 0
        while some := list(islice(rest, batch)):
            failure = None
            for pod in some:
                try:
                    made = self._transport.create(names.PODS, namespace, pod, options=_writes.AS_MANAGER)
                except ApiError as error:
                    if _writes.namespace_is_going(error):
                        continue
                    self._recorder.event(owner, "Warning", "FailedCreate", f"Error creating: {error.message}")
                    failure = failure or error
                else:
                    count += 1
                    name = made["metadata"]["name"]
                    self._recorder.event(owner, "Normal", "SuccessfulCreate", f"Created pod: {name}")
            if failure is not None:
                return count, failure
            batch *= 2
        return count, None

    def delete(self, pods: Iterable[Object], owner: Object) -> ApiError | None:
        """Delete Pods; one that is gone is no failure. Answers the first failure."""
        failure = None
        for pod in pods:
            name = meta.name_of(pod)
            try:
                self._transport.delete(names.PODS, meta.namespace_of(pod), name)
            except ApiError as error:
                if not error.is_not_found:
                    self._recorder.event(owner, "Warning", "FailedDelete", f"Error deleting: {error.message}")
                    failure = failure or error
            else:
                self._recorder.event(owner, "Normal", "SuccessfulDelete", f"Deleted pod: {name}")
        return failure

    def claim(self, pods: Iterable[Object], owner: Object, selector: Selector, finalizer: str = "") -> list[Object]:
        """Of active Pods those that are the owner's: orphans that match are adopted, own ones that do not are released.

        A `finalizer` comes with the owner and goes with it.

        Raises: ApiError where a patch fails for another reason than that the Pod is gone.
        """
        uid = meta.uid_of(owner)
        claimed = []
        for pod in pods:
            reference = meta.controller_of(pod)
            matches = selector.matches(meta.labels_of(pod))
            if reference is not None and (reference["uid"] != uid or matches):
                if reference["uid"] == uid:
                    claimed.append(pod)
                continue
            if meta.is_deleting(owner) or (reference is None and not matches):
                continue
            change = _writes.adopting if reference is None else _writes.releasing
            patch = change(owner, meta.uid_of(pod))
            if finalizer:
                patch["metadata"]["finalizers" if reference is None else REMOVED_FINALIZERS] = [finalizer]
            if self.patch(pod, patch) and reference is None:
                claimed.append(pod)
        return claimed

    def patch(self, pod: Object, patch: Object) -> bool:
        """A strategic patch; False where the Pod is gone or no longer fits it."""
        try:
            self._transport.patch(
                names.PODS,
                meta.namespace_of(pod),
                meta.name_of(pod),
                patch,
                "strategic",
                options=_writes.AS_MANAGER,
            )
        except ApiError as error:
            if error.is_not_found or error.reason == "Invalid":
                return False
            raise
        return True
