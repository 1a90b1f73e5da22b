"""patch: apply a patch to the present state, then update with the result; server-side apply may create.

Source: apiserver/pkg/endpoints/handlers/patch.go
"""

from __future__ import annotations

import re
from typing import Any

from k8s_magic.apiserver import ephemeral, managed
from k8s_magic.apiserver.core import Core
from k8s_magic.apiserver.creation import Creator
from k8s_magic.apiserver.store import Entry
from k8s_magic.apiserver.updating import Updater
from k8s_magic.apiserver.versions import Alias
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import FieldError
from k8s_magic.machinery.kind import Kind, Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource
from k8s_magic.machinery.patch import PatchError, apply, json_patch, merge_patch, strategic
from k8s_magic.machinery.protocols import PatchType, WriteOptions
from k8s_magic.text import go_values, json_in, json_out

REJECTED = "the server rejected our request due to an error in our request"
# Source: apiserver/pkg/endpoints/handlers/negotiation/errors.go, apiextensions-apiserver customresource_handler.go
CUSTOM_PATCHES = (
    "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
    "application/merge-patch+json, application/apply-patch+yaml"
)
NO_KIND = GroupVersionKind("", "", "")
_MISMATCH = re.compile(r"json: cannot unmarshal (\w+) into Go (?:struct field \S+|value) of type (.+)")


class Patcher:
    def __init__(self, core: Core, creator: Creator, updater: Updater) -> None:
        self._core = core
        self._creator = creator
        self._updater = updater

    def patch(
        self,
        actor: str,
        gvr: GroupVersionResource,
        namespace: str,
        name: str,
        body: Any,
        patch_type: PatchType,
        subresource: str,
        options: WriteOptions,
        warn: Warn,
    ) -> Object:
        core = self._core
        kind = ephemeral.ruled(core.kind(gvr, "patch"), subresource)
        if kind.warning:
            warn(kind.warning)
        entry = core.table(gvr).entries.get((namespace, name))
        if kind.custom and patch_type == "strategic":
            raise errors.unsupported_media_type(CUSTOM_PATCHES)
        if patch_type == "apply":
            return self._apply(actor, kind, namespace, name, entry, body, subresource, options, warn)
        if entry is None:
            raise errors.not_found(gvr, name)
        if patch_type == "json" and _names_managers(body):
            return self._patch_with_managers(actor, kind, entry, body, subresource, options, warn)
        new = self.patched(kind, entry.object, body, patch_type, options, warn)
        return self._updater.replace(actor, kind, entry, new, subresource, options, warn)

    def _patch_with_managers(
        self, actor: str, kind: Kind, entry: Entry, body: Any, subresource: str, options: WriteOptions, warn: Warn
    ) -> Object:
        """A patch of metadata.managedFields too: how kubectl goes over from client-side to server-side apply."""
        core = self._core
        current = managed.with_managed_fields(core.catalogue, kind, entry)
        new = self.patched(kind, current, body, "json", options, warn)
        fields = json_patch.apply(current, body)["metadata"].get("managedFields") or []
        result = self._updater.replace(actor, kind, entry, new, subresource, options, warn)
        if not options.dry_run:
            managed.rebase(entry, fields)
        return result

    def patch_alias(
        self,
        actor: str,
        gvr: GroupVersionResource,
        alias: Alias,
        namespace: str,
        name: str,
        body: Any,
        patch_type: PatchType,
        subresource: str,
        options: WriteOptions,
        warn: Warn,
    ) -> Object:
        """A patch in another version than the stored one."""
        core = self._core
        if patch_type == "apply":
            raise errors.Unsupported(
                f"Server-side apply of {gvr.api_version} is not simulated; use {alias.stored.api_version}."
            )
        kind, stored = core.kind(gvr, "patch"), core.kind(alias.stored)
        if kind.custom and patch_type == "strategic":
            raise errors.unsupported_media_type(CUSTOM_PATCHES)
        if kind.warning:
            warn(kind.warning)
        entry = core.entry(alias.stored, namespace, name)
        new = self.patched(kind, alias.from_stored(entry.object), body, patch_type, options, warn)
        kind.default(new)
        new, _ = core.catalogue.decode(alias.to_stored(new), stored.gvk)
        return self._updater.replace(actor, stored, entry, new, subresource, options, warn)

    def patched(
        self, kind: Kind, current: Object, body: Any, patch_type: PatchType, options: WriteOptions, warn: Warn
    ) -> Object:
        """The patched and decoded object. Raises: BadRequest, Invalid."""
        patch = _read(body, patch_type)
        try:
            if patch_type == "json":
                merged = json_patch.apply(current, patch)
            elif patch_type == "merge":
                merged = merge_patch.apply(current, patch)
            else:
                merged = strategic.apply(current, patch, self._core.catalogue.schema_of(kind.gvk))
        except PatchError as problem:
            raise _failure(problem) from None
        complaints: list[str] = []
        try:
            decoded, complaints = self._core.catalogue.decode(merged, kind.gvk)
        except errors.ApiError as problem:
            words = problem.message.partition(f"cannot be handled as a {kind.gvk.kind}: ")[2]
            raise _invalid_patch(patch_type, patch, merged, words or problem.message) from None
        if complaints and options.field_validation == "Strict":
            words = f"strict decoding error: {', '.join(complaints)}"
            raise _invalid_patch(patch_type, patch, merged, words, is_strict=True)
        if options.field_validation != "Ignore":
            for complaint in complaints:
                warn(complaint)
        decoded["apiVersion"], decoded["kind"] = kind.gvk.api_version, kind.gvk.kind
        if not isinstance(decoded.get("metadata"), dict):
            decoded["metadata"] = {}
        decoded["metadata"].pop("managedFields", None)
        return decoded

    def patched_plain(self, current: Object, body: Any, patch_type: PatchType) -> Any:
        """A small object without a schema of its own (Scale) with a patch merged in."""
        patch = _read(body, patch_type)
        try:
            return json_patch.apply(current, patch) if patch_type == "json" else merge_patch.apply(current, patch)
        except PatchError as problem:
            raise _failure(problem) from None

    def _apply(
        self,
        actor: str,
        kind: Kind,
        namespace: str,
        name: str,
        entry: Entry | None,
        body: Any,
        subresource: str,
        options: WriteOptions,
        warn: Warn,
    ) -> Object:
        core = self._core
        if not options.field_manager:
            complaint = FieldError("FieldValueRequired", "fieldManager", "Required value: is required for apply patch")
            raise errors.invalid(GroupVersionKind("meta.k8s.io", "", "PatchOptions"), "", [complaint])
        applied = _read(body, "apply")
        core.decode(kind, applied, options.field_validation, warn)  # for its complaints
        if entry is None and subresource:
            raise errors.not_found(kind.gvr, name)
        live = entry.object if entry is not None else None
        before = managed.entries(core.catalogue, kind, entry) if entry is not None else []
        merged, fields = apply.merge(
            live,
            applied,
            core.catalogue.schema_of(kind.gvk),
            options.field_manager,
            before,
            options.force,
            time=core.now_text(),
            subresource=subresource,
        )
        if entry is None:
            obj = self._creator.prepared(kind, namespace, merged, options, warn, name)
            result = self._creator.admitted(actor, kind, namespace, obj, options, warn)
            entry = core.table(kind.gvr).entries.get((namespace, name))
        else:
            new, _ = core.catalogue.decode(merged, kind.gvk)
            new["apiVersion"], new["kind"] = kind.gvk.api_version, kind.gvk.kind
            new["metadata"].pop("managedFields", None)
            if "resourceVersion" not in applied.get("metadata", {}):
                new["metadata"].pop("resourceVersion", None)
                new["metadata"]["resourceVersion"] = entry.object["metadata"]["resourceVersion"]
            result = self._updater.replace(actor, kind, entry, new, subresource, options, warn)
        if entry is not None and not options.dry_run:
            managed.rebase(entry, fields)
        return result


def _names_managers(body: Any) -> bool:
    operations = body if isinstance(body, list) else ()
    paths = [operation.get("path") for operation in operations if isinstance(operation, dict)]
    return any(isinstance(path, str) and path.startswith("/metadata/managedFields") for path in paths)


def _read(body: Any, patch_type: PatchType) -> Any:
    """The patch as data. Raises: BadRequest in the server's words."""
    if isinstance(body, str):
        try:
            body = json_in.loads(body)
        except (ValueError, json_in.JsonError) as problem:
            raise errors.bad_request(_prefixed(patch_type, str(problem))) from None
    if patch_type != "json" and not isinstance(body, dict):
        go_type = _json_kind(body)
        words = f"json: cannot unmarshal {go_type} into Go value of type map[string]interface {{}}"
        raise errors.bad_request(_prefixed(patch_type, words))
    return body


def _prefixed(patch_type: PatchType, words: str) -> str:
    if patch_type == "strategic":
        return words
    return f"error decoding {'YAML' if patch_type == 'apply' else 'patch'}: {words}"


def _json_kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "array"


def _failure(problem: PatchError) -> errors.ApiError:
    if problem.reason == "BadRequest":
        return errors.bad_request(str(problem))
    if problem.reason == "Invalid":
        return errors.failure(422, "Invalid", REJECTED, {})
    if problem.reason == "RequestEntityTooLarge":
        return errors.failure(413, "RequestEntityTooLarge", f"Request entity is too large: {problem}")
    return errors.failure(500, "", str(problem))


def _invalid_patch(
    patch_type: PatchType, patch: Any, merged: Any, words: str, *, is_strict: bool = False
) -> errors.ApiError:
    if patch_type == "strategic":
        value = go_values.plain(patch)
        words = words if is_strict else _converter_words(words)
    else:
        value = json_out.compact(merged)
    detail = f"Invalid value: {go_values.quoted(value)}: {words}"
    return errors.invalid(NO_KIND, "", [FieldError("FieldValueInvalid", "patch", detail)])


def _converter_words(words: str) -> str:
    """A strategic patch is not decoded from JSON but converted, which words a wrong type in its own way.

    Source: apimachinery/pkg/runtime/converter.go (fromUnstructured)
    """
    match = _MISMATCH.fullmatch(words)
    if match is None:
        return words
    given, wanted = match[1], match[2].removeprefix("*")
    source = {"number": "int64", "object": "map", "array": "slice"}.get(given, given)
    if wanted.startswith("[]"):
        return f"cannot restore slice from {source}"
    if wanted.startswith("map["):
        return f"cannot restore map from {source}"
    if "." in wanted:
        return f"cannot restore struct from: {source}"
    if source == "int64" and wanted == "string":
        return "cannot convert int64 to string"
    return f"unrecognized type: {wanted}"
