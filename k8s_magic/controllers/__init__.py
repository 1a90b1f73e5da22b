"""The controller manager: each file or folder holds one controller and its record CONTROLLER.

Owns nothing but what it can read back from the API. May import `client` and below. Modules whose name begins with
an underscore are what several controllers share.

The real controllers read caches that lag behind their own writes, and keep "expectations" so as not to write twice.
Ours read the store itself through their informers: after a write returns, the next read shows it. Nothing else is
needed in place of expectations. Where two writes of one sync base on one read, the second meets a conflict as it
does on a real cluster, and the sync is tried again.
"""

from __future__ import annotations

import importlib
import pkgutil

from k8s_magic.client.context import ComponentRecord


def discover() -> list[ComponentRecord]:
    """Every controller's record, sorted by name."""
    records: list[ComponentRecord] = []
    for found in pkgutil.iter_modules(__path__):
        if not found.name.startswith("_"):
            records.append(importlib.import_module(f"{__name__}.{found.name}").CONTROLLER)
    return sorted(records, key=lambda record: record.name)
