"""Watches: a line of JSON an event, until the client leaves, its time is up or it no longer keeps up.

Source: apiserver/pkg/endpoints/handlers/{get,watch}.go
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from k8s_magic.httpapi import answers, queries
from k8s_magic.httpapi.gate import ACTOR
from k8s_magic.httpapi.paths import Target
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object

if TYPE_CHECKING:
    from k8s_magic.apiserver import Watcher
    from k8s_magic.httpapi.handler import ApiHandler

# How long a watch lives whose client sets no limit. Source: apiserver/pkg/server/config.go (MinRequestTimeout)
LONGEST = 1800.0
# How often a client that wants bookmarks hears one. Source: apiserver/pkg/storage/cacher (bookmarkFrequency)
BOOKMARK = 60.0
# A client that takes nothing for so long is let go.
PATIENCE = 30.0
# What one flush carries at most, so that one watch does not keep the others waiting.
BATCH = 500
# How many lines are kept for other watches of the same.
KEPT_LINES = 256


async def stream(handler: ApiHandler, target: Target) -> None:
    """Raises: ApiError before the first event."""
    query, backend = handler.query, handler.backend
    is_table = handler.form.shape == "Table"
    sends_initial = queries.is_set(query, "sendInitialEvents")
    wants_bookmarks = queries.is_set(query, "allowWatchBookmarks")
    if "sendInitialEvents" in query:
        _check_initial(query)
    options = queries.reading(query, table=is_table, managed_fields=True)
    if target.name:
        own = f"metadata.name={target.name}"
        selector = f"{options.field_selector},{own}" if options.field_selector else own
        options = _replaced(options, field_selector=selector)
    if sends_initial:
        options = _replaced(options, resource_version="")
    elif query.get("sendInitialEvents") and options.resource_version in ("", "0"):
        with backend.gate.look():
            options = _replaced(options, resource_version=str(backend.server.store.revision))
    limit = queries.whole_number(query, "timeoutSeconds")
    end = time.monotonic() + (min(limit, LONGEST) if limit else LONGEST)
    handler.set_header("Content-Type", "application/json")
    try:
        with backend.gate.look():
            watcher = backend.server.watch(ACTOR, target.resource, target.namespace, options=options, warn=handler.warn)
    except ApiError as problem:
        if problem.code != 410:
            raise
        _write(handler, "ERROR", problem.status)
        await handler.finish()
        return
    for text in handler.warnings:
        handler.add_header("Warning", answers.warning(text))
    try:
        await _run(handler, target, watcher, end, sends_initial=sends_initial, wants_bookmarks=wants_bookmarks)
    finally:
        with backend.gate.look():
            watcher.close()
    if not handler.is_gone:
        await handler.finish()


async def _run(
    handler: ApiHandler, target: Target, watcher: Watcher, end: float, *, sends_initial: bool, wants_bookmarks: bool
) -> None:
    backend = handler.backend
    next_bookmark = time.monotonic() + BOOKMARK
    first = True
    while not handler.is_gone and not watcher.closed:
        left = BATCH
        with backend.gate.look():
            events = []
            while left and (event := watcher.take()) is not None:
                events.append(event)
                left -= 1
            mark = backend.server.bookmark(target.resource) if left else None
        for kind, obj in events:
            handler.write(_line(handler, kind, obj))
        if mark is not None and first and sends_initial:
            annotations = {"k8s.io/initial-events-end": "true"}
            _write(handler, "BOOKMARK", {**mark, "metadata": {**mark["metadata"], "annotations": annotations}})
        elif mark is not None and wants_bookmarks and time.monotonic() >= next_bookmark:
            _write(handler, "BOOKMARK", mark)
            next_bookmark = time.monotonic() + BOOKMARK
        first = first and mark is None
        if not await _flush(handler):
            return
        rest = end - time.monotonic()
        if rest <= 0:
            if wants_bookmarks and mark is not None:
                _write(handler, "BOOKMARK", mark)
            return
        if left:
            wait = min(rest, max(0.0, next_bookmark - time.monotonic())) if wants_bookmarks else rest
            await backend.until(lambda: bool(watcher.pending) or watcher.closed or handler.is_gone, seconds=wait)


async def _flush(handler: ApiHandler) -> bool:
    """False when the client takes nothing any more."""
    try:
        await asyncio.wait_for(handler.flush(), PATIENCE)
    except TimeoutError:
        connection = handler.request.connection
        stream = getattr(connection, "stream", None)
        if stream is not None:
            stream.close()
        handler.is_gone = True
        return False
    return True


def _write(handler: ApiHandler, kind: str, obj: Object) -> None:
    handler.write(answers.encode({"type": kind, "object": answers.ordered(obj)}))


def _line(handler: ApiHandler, kind: str, obj: Object) -> bytes:
    """An event as it is sent. Watches that tell the same are told it at the same time: the last lines are kept."""
    if handler.form.shape == "Table":
        return answers.encode({"type": kind, "object": obj})
    kept = handler.backend.lines
    key = (kind, handler.form.shape, id(obj))
    found = kept.get(key)
    if found is None or found[0] is not obj:
        shown = answers.partial(obj) if handler.form.shape == "PartialObjectMetadata" else answers.ordered(obj)
        if len(kept) >= KEPT_LINES:
            kept.clear()
        found = kept[key] = (obj, answers.encode({"type": kind, "object": shown}))
    return found[1]


def _replaced(options: Any, **changes: Any) -> Any:
    return replace(options, **changes)


def _check_initial(query: queries.Query) -> None:
    """Source: apimachinery/pkg/apis/meta/internalversion/validation (validateWatchOptions)"""
    if query.get("resourceVersionMatch", "") != "NotOlderThan":
        detail = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        text = f"resourceVersionMatch: Forbidden: {detail}"
        cause = {"reason": "FieldValueForbidden", "message": f"Forbidden: {detail}", "field": "resourceVersionMatch"}
        details = {"group": "meta.k8s.io", "kind": "ListOptions", "causes": [cause]}
        raise errors.failure(422, "Invalid", f'ListOptions.meta.k8s.io "" is invalid: {text}', details)
