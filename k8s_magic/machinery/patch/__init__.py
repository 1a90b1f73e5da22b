"""Patches of wire-form objects: JSON patch, JSON merge patch, strategic merge patch, server-side apply.

Owns pure functions. They never change an argument, and what a patch leaves alone is shared with the original.
"""

from k8s_magic.machinery.patch.errors import ConflictError, PatchError

__all__ = ["ConflictError", "PatchError"]
