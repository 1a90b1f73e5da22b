"""kubectl apply's patch: from what was applied last, what is wanted, and what is there.

Source: kubectl/pkg/cmd/apply/patcher.go
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8s_magic.kubectl.errors import KubectlError, with_source
from k8s_magic.kubectl.resources import Info
from k8s_magic.kubectl.writing import last_applied, typed
from k8s_magic.kubectl.writing.deleting import Deletion
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.patch import PatchError, merge_patch, strategic
from k8s_magic.machinery.protocols import PatchType, Transport, WriteOptions
from k8s_magic.text import json_in, json_out

RETRIES = 5  # apply.go maxPatchRetry
TRIES_BEFORE_BACK_OFF = 1  # patcher.go
BACK_OFF = 1.0  # patcher.go patchRetryBackOffPeriod, seconds


@dataclass(frozen=True, slots=True)
class Patcher:
    client: Transport
    info: Info
    write: WriteOptions
    overwrite: bool
    force: bool
    deletion: Deletion

    def patch(self, current: Object, modified: Object) -> tuple[Object, Object]:
        """(the patch, the patched object). An empty patch sends nothing. Raises: ApiError, KubectlError."""
        tries = 0
        while True:
            patch, kind = self.compute(current, modified)
            if not patch:
                return patch, current
            try:
                return patch, self._send(patch, kind)
            except ApiError as error:
                if error.is_conflict and tries < RETRIES:
                    tries += 1
                    if tries > TRIES_BEFORE_BACK_OFF:
                        self.client.sleep(BACK_OFF)
                    current = self._get()
                    continue
                if self.force and (error.is_conflict or error.reason == "Invalid"):
                    return modified, self._delete_and_create(current, modified)
                raise PatchFailed(patch, with_source("patching", self.info.source, error)) from None

    def patch_locally(self, current: Object, modified: Object) -> tuple[Object, Object]:
        patch, kind = self.compute(current, modified)
        if not patch:
            return patch, current
        try:
            if kind == "strategic":
                return patch, strategic.apply(current, patch, typed.schema_for(current))
            return patch, merge_patch.apply(current, patch)
        except PatchError as error:
            raise PatchFailed(patch, KubectlError(f"applying patch locally: {error}")) from None

    def compute(self, current: Object, modified: Object) -> tuple[Object, PatchType]:
        text = last_applied.original(current)
        try:
            original: Any = json_in.loads(text) if text else {}
        except json_in.JsonError:
            raise PatchFailed({}, KubectlError("invalid JSON document")) from None
        schema = typed.schema_for(modified)
        try:
            if schema is not None:
                return strategic.create_three_way(original, modified, current, schema, self.overwrite), "strategic"
            patch = merge_patch.create_three_way(original, modified, current)
        except PatchError as error:
            raise PatchFailed(
                {},
                KubectlError(
                    f"creating patch with:\noriginal:\n{text or ''}\nmodified:\n{json_out.compact(modified)}\n"
                    f"current:\n{json_out.compact(current)}\nfor: {error}"
                ),
            ) from None
        if "apiVersion" in patch or "kind" in patch or "name" in (patch.get("metadata") or {}):
            raise PatchFailed({}, KubectlError("At least one of apiVersion, kind and name was changed"))
        return patch, "merge"

    def _get(self) -> Object:
        return self.client.get(self.info.resource.gvr, self.info.namespace, self.info.name)

    def _send(self, patch: Object, kind: PatchType) -> Object:
        info = self.info
        return self.client.patch(info.resource.gvr, info.namespace, info.name, patch, kind, options=self.write)

    def _delete_and_create(self, current: Object, modified: Object) -> Object:
        info = self.info
        self.client.delete(info.resource.gvr, info.namespace, info.name, options=self.deletion.options)
        waited = 0.0
        while True:
            try:
                self._get()
            except ApiError as error:
                if not error.is_not_found:
                    raise
                break
            if waited >= self.deletion.timeout:
                raise KubectlError("timed out waiting for the condition")
            self.client.sleep(BACK_OFF)
            waited += BACK_OFF
        try:
            return self.client.create(info.resource.gvr, info.namespace, modified, options=self.write)
        except ApiError as error:
            failed = error
        old = {**current, "metadata": {k: v for k, v in current["metadata"].items() if k != "resourceVersion"}}
        try:
            self.client.create(info.resource.gvr, info.namespace, old, options=self.write)
        except ApiError as error:
            raise KubectlError(
                "An error occurred force-replacing the existing object with the newly provided one:\n\n"
                f"{failed.message}.\n\nAdditionally, an error occurred attempting to restore the original object:\n\n"
                f"{error.message}"
            ) from None
        raise failed


class PatchFailed(Exception):
    """A patch that was not taken; `cause` is what to tell."""

    def __init__(self, patch: Object, cause: Exception) -> None:
        super().__init__(str(cause))
        self.patch = patch
        self.cause = cause
