"""The order of version names: v2, v1, v1beta2, v1beta1, v1alpha1, then other names.

Source: apimachinery/pkg/version/helpers.go (CompareKubeAwareVersionStrings)
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_VERSION = re.compile(r"v(\d+)(?:(alpha|beta)(\d+))?", re.ASCII)
_RANK = {"alpha": 0, "beta": 1, None: 2}


def newest_first(names: Iterable[str]) -> list[str]:
    known, others = list[str](), list[str]()
    for name in names:
        (known if _VERSION.fullmatch(name) else others).append(name)
    return sorted(known, key=_key, reverse=True) + sorted(others)


def _key(name: str) -> tuple[int, int, int]:
    match = _VERSION.fullmatch(name)
    assert match is not None
    return _RANK[match[2]], int(match[1]), int(match[3] or 0)
