"""The stored objects: tables with indexes and history, one revision counter for all, watches."""

from k8s_magic.apiserver.store.store import Store
from k8s_magic.apiserver.store.table import Entry, Table
from k8s_magic.apiserver.store.watcher import Watcher

__all__ = ["Entry", "Store", "Table", "Watcher"]
