"""Whatever is missing from a manifest or wrong in it, the answer is complaints, never a crash."""

from __future__ import annotations

import copy
import gzip
import json
import random
from pathlib import Path
from typing import Any

from k8s_magic import kinds
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import GroupVersionKind

GOLDEN = Path(__file__).parents[3] / "tests" / "golden" / "dry-run.jsonl.gz"
STRANGE: list[Any] = [None, "", "Bad Name!", "-1", 0, -7, 99999999, True, [], {}, "0", "500m", "a/b/c", "{{x}}"]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside."""
    found = [path] if path else []
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        found += places(each, (*path, key))
    return found


def broken(document: dict[str, Any], stream: random.Random) -> dict[str, Any]:
    """One thing removed or replaced."""
    body = copy.deepcopy(document)
    path = stream.choice(places(body))
    inner: Any = body
    for key in path[:-1]:
        inner = inner[key]
    if stream.random() < 0.4:
        del inner[path[-1]]
    else:
        inner[path[-1]] = stream.choice(STRANGE)
    return body


def run(body: Any, gvk: GroupVersionKind, old: Any = None) -> Any:
    kind = kinds.by_gvk(gvk)
    assert kind is not None
    try:
        obj, _ = kinds.decode(body, gvk)
    except ApiError:
        return None
    kind.default(obj)
    kind.prepare_create(obj)
    kind.validate(obj)
    if kind.warnings is not None:
        kind.warnings(obj, None)
    if old is not None:
        kind.prepare_update(obj, old)
        kind.prepare_status_update(copy.deepcopy(obj), old)
        kind.validate_update(obj, old)
    for reader in kind.selectable_fields.values():
        reader(obj)
    return obj


def test_broken_manifests_get_complaints() -> None:
    stream = random.Random(7)
    lines = gzip.decompress(GOLDEN.read_bytes()).decode().splitlines()[1:]
    tried = 0
    for line in lines[::3]:
        _, document, want = json.loads(line)
        group, _, version = document["apiVersion"].rpartition("/")
        gvk = GroupVersionKind(group, version, document["kind"])
        old = run(document, gvk) if isinstance(want, dict) else None
        for _ in range(4):
            body = broken(document, stream)
            try:
                run(body, gvk, old)
            except Exception as error:
                raise AssertionError(f"{gvk}: {json.dumps(body)}") from error
            tried += 1
    assert tried == 1664
