"""Walks over Infos that nest as kubectl's do, since where an error is caught decides how it is worded.

A walk is a function that calls its visitor with (info, None), or (None, error) for what could not be read, and
raises what it, or the visitor, could not get over. Source: cli-runtime/pkg/resource/visitor.go
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from k8s_magic.kubectl.errors import Failure, KubectlError, aggregate, raise_all
from k8s_magic.kubectl.mapper import Mapper, gvk_of
from k8s_magic.kubectl.resources.info import Info, is_list, list_error
from k8s_magic.machinery import selectors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import ListOptions, Transport

Visitor = Callable[[Info | None, Exception | None], None]
Walk = Callable[[Visitor], None]
Step = Callable[[Info], None]


def single(info: Info) -> Walk:
    return lambda visit: visit(info, None)


def sequence(walks: Sequence[Walk]) -> Walk:
    """One after the other; the first error ends it."""

    def walk(visit: Visitor) -> None:
        for inner in walks:
            inner(visit)

    return walk


def eager(walks: Sequence[Walk]) -> Walk:
    """All of them, gathering the errors."""

    def walk(visit: Visitor) -> None:
        failed: list[Exception] = []
        gather = _gathering(visit, failed)
        for inner in walks:
            try:
                inner(gather)
            except Failure as error:
                failed.append(error)
        raise_all(failed)

    return walk


def continued(inner: Walk) -> Walk:
    """Go on after an error; one error is raised as it is, several as an aggregate."""

    def walk(visit: Visitor) -> None:
        failed: list[Exception] = []
        try:
            inner(_gathering(visit, failed))
        except Failure as error:
            failed.append(error)
        if len(failed) == 1:
            raise failed[0]
        raise_all(failed)

    return walk


def _gathering(visit: Visitor, failed: list[Exception]) -> Visitor:
    def gather(info: Info | None, error: Exception | None) -> None:
        if error is not None:
            failed.append(error)
            return
        try:
            visit(info, None)
        except Failure as caught:
            failed.append(caught)

    return gather


def decorated(inner: Walk, steps: Iterable[Step]) -> Walk:
    """Each Info through some steps first."""
    todo = tuple(steps)

    def walk(visit: Visitor) -> None:
        def stepped(info: Info | None, error: Exception | None) -> None:
            if error is not None:
                raise error
            assert info is not None
            for step in todo:
                step(info)
            visit(info, None)

        inner(stepped)

    return walk


def flattened(inner: Walk, mapper: Mapper | None) -> Walk:
    """Lists taken apart into their items."""

    def walk(visit: Visitor) -> None:
        def flat(info: Info | None, error: Exception | None) -> None:
            if error is not None:
                raise error
            assert info is not None
            if not is_list(info.object):
                visit(info, None)
                return
            failed: list[Exception] = []
            for item in _items(info.found):
                try:
                    visit(info_of(item, info, mapper), None)
                except Failure as caught:
                    failed.append(caught)
            found = aggregate(failed)
            if found is not None:
                raise found

        inner(flat)

    return walk


def _items(obj: Object) -> list[Object]:
    """All objects in a list. The server leaves apiVersion and kind out of a typed list's items: put them back."""
    kind, api_version = obj.get("kind", ""), obj.get("apiVersion", "")
    found: list[Object] = []
    for item in obj["items"]:
        if is_list(item):
            found += _items(item)
        elif "kind" in item or not kind.endswith("List") or kind == "List":
            found.append(item)
        else:
            found.append({"apiVersion": api_version, "kind": kind.removesuffix("List"), **item})
    return found


def info_of(item: Object, parent: Info, mapper: Mapper | None) -> Info:
    metadata = item.get("metadata") or {}
    mapping = None
    if mapper is not None:
        gvk = gvk_of(item)
        mapping = parent.mapping
        if mapping is None or mapping.gvk != gvk:
            try:
                mapping = mapper.for_kind(gvk)
            except KubectlError as error:
                raise KubectlError(f"unable to recognize {error}") from None
    return Info(
        parent.client,
        mapping,
        metadata.get("namespace", ""),
        metadata.get("name", ""),
        parent.source,
        item,
        parent.resource_version or metadata.get("resourceVersion", ""),
    )


def listed(client: Transport, info: Info, options: ListOptions) -> Walk:
    """What a type's list holds, in chunks (Selector, FollowContinue)."""

    def walk(visit: Visitor) -> None:
        mapping = info.resource
        asked = options
        while True:
            try:
                found = client.list(mapping.gvr, info.namespace, options=asked)
            except ApiError as error:
                raise list_error(error, asked, mapping) from None
            metadata = found.get("metadata") or {}
            page = Info(client, mapping, info.namespace, "", "", found, metadata.get("resourceVersion", ""))
            visit(page, None)
            token = metadata.get("continue", "")
            if not token:
                return
            asked = ListOptions(
                label_selector=options.label_selector,
                field_selector=options.field_selector,
                limit=options.limit,
                continue_=token,
                table=options.table,
                include_object=options.include_object,
                managed_fields=options.managed_fields,
            )

    return walk


def filtered(inner: Walk, selector: selectors.Selector) -> Walk:
    """Only what carries some labels."""

    def walk(visit: Visitor) -> None:
        def chosen(info: Info | None, error: Exception | None) -> None:
            if error is not None:
                raise error
            assert info is not None
            metadata = info.found.get("metadata") or {}
            if selector.matches(metadata.get("labels") or {}):
                visit(info, None)

        inner(chosen)

    return walk
