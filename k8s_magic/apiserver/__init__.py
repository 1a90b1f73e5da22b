"""verb, admission, defaulting, validation, store, watch: the API in one process.

Owns the stored objects and their history; the only one who writes them. Refuses to act on them. May import
`kinds` and below.
"""

from k8s_magic.apiserver.core import NotYet
from k8s_magic.apiserver.server import ApiServer
from k8s_magic.apiserver.store import Watcher

__all__ = ["ApiServer", "NotYet", "Watcher"]
