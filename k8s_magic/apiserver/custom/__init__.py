"""Custom resources served: definitions accept names, are established, and take their objects with them when they go.

Owns the catalogue of custom kinds and the status of CustomResourceDefinitions. What follows from a definition alone is
in `kinds.custom`.
"""

from k8s_magic.apiserver.custom.definitions import Definitions

__all__ = ["Definitions"]
