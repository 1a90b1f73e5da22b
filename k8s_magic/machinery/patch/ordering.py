"""The order of a merged list: the patch's elements as it wants them, the server's own between them as they stood.

Source: apimachinery/pkg/util/strategicpatch/patch.go normalizeElementOrder, mergeSortedSlice
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.patch import values
from k8s_magic.machinery.patch.directives import DELETE, PATCH, merge_key_of


def identity(item: Any, merge_key: str) -> Any:
    """What makes two elements the same one."""
    return values.key(item.get(merge_key) if isinstance(item, dict) and merge_key else item)


def positions(order: list[Any], merge_key: str) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for position, item in enumerate(order):
        found.setdefault(identity(item, merge_key), position)
    return found


def normalize(
    patch: list[Any], server_only: list[Any], patch_order: list[Any], server_order: list[Any], merge_key: str
) -> list[Any]:
    patch = sort_by(patch, patch_order, merge_key)
    server_only = sort_by(server_only, server_order, merge_key)
    return _interleave(server_only, patch, positions(server_order, merge_key), merge_key)


def sort_by(items: list[Any], order: list[Any], merge_key: str) -> list[Any]:
    """Elements in a given order, those to be deleted last."""
    deleted: list[Any] = []
    if any(isinstance(item, dict) for item in items):
        for item in (*items, *order):
            merge_key_of(item, merge_key)
        deleted = [item for item in items if item.get(PATCH) == DELETE]
        items = [item for item in items if item.get(PATCH) != DELETE]
    places = positions(order, merge_key)
    last = len(order)
    return sorted(items, key=lambda item: places.get(identity(item, merge_key), last)) + deleted


def _interleave(left: list[Any], right: list[Any], order: dict[Any, int], merge_key: str) -> list[Any]:
    """Both lists keep their own order; one of `left` goes first where the server had it before."""
    merged, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        before = order.get(identity(left[i], merge_key))
        after = order.get(identity(right[j], merge_key))
        if before is not None and after is not None and before < after:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + right[j:] + left[i:]


def partition(items: list[Any], by: list[Any], merge_key: str) -> tuple[list[Any], list[Any]]:
    """Elements that are in `by`, and the others."""
    wanted = positions(by, merge_key)
    inside: list[Any] = []
    outside: list[Any] = []
    for item in items:
        if merge_key:
            merge_key_of(item, merge_key)
        (inside if identity(item, merge_key) in wanted else outside).append(item)
    return inside, outside
