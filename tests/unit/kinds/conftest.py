"""For the tests of descriptions: a transport over a fixed set of objects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from k8s_magic.kinds.describe import DescribeContext
from k8s_magic.machinery import errors, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import LIST, ListOptions


def _reader(obj: Object) -> Any:
    def read(path: str) -> str:
        value: Any = obj
        for key in path.split("."):
            value = (value or {}).get(key)
        return value or ""

    return read


class Shelf:
    """Answers get and list from `objects`, by the plural resource name."""

    def __init__(self, now: str, **objects: list[Object]) -> None:
        self._now = datetime.fromisoformat(now).replace(tzinfo=UTC)
        self._objects = objects

    def now(self) -> datetime:
        return self._now

    def get(self, resource: GroupVersionResource, namespace: str, name: str, **_: Any) -> Object:
        for obj in self._objects.get(resource.resource, ()):
            if obj["metadata"]["name"] == name and obj["metadata"].get("namespace", "") == namespace:
                return obj
        raise errors.not_found(resource, name)

    def list(self, resource: GroupVersionResource, namespace: str = "", *, options: ListOptions = LIST) -> Object:
        labels = selectors.parse(options.label_selector)
        fields = selectors.parse_fields(options.field_selector)
        items = [
            obj
            for obj in self._objects.get(resource.resource, ())
            if (not namespace or obj["metadata"].get("namespace") == namespace)
            and labels.matches(obj["metadata"].get("labels") or {})
            and fields.matches(_reader(obj))
        ]
        return {"items": items, "metadata": {}}


def _context(now: str, **objects: list[Object]) -> DescribeContext:
    return DescribeContext(Shelf(now, **objects))  # type: ignore[arg-type]


def _event(about: Object, seconds: int, reason: str, source: str, message: str, **more: Any) -> Object:
    """An Event of the minute 05:33, that many seconds in, about an object."""
    at = f"2026-11-23T05:33:{seconds:02d}Z"
    involved = {
        "kind": about["kind"],
        "name": about["metadata"]["name"],
        "namespace": about["metadata"].get("namespace", ""),
        "uid": about["metadata"]["uid"],
        **more.pop("involved", {}),
    }
    return {
        "metadata": {"name": f"e{seconds}", "namespace": "default"},
        "involvedObject": involved,
        "type": "Normal",
        "reason": reason,
        "message": message,
        "source": {"component": source},
        "firstTimestamp": at,
        "lastTimestamp": at,
        "count": 1,
        **more,
    }


@pytest.fixture
def context() -> Callable[..., DescribeContext]:
    return _context


@pytest.fixture
def event() -> Callable[..., Object]:
    return _event
