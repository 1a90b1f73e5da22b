"""Strategic merge patch: apply one, make one from two states, make kubectl apply's from three.

Source: apimachinery/pkg/util/strategicpatch/patch.go
"""

from __future__ import annotations

from typing import Any

from k8s_magic.machinery.patch import conflicts
from k8s_magic.machinery.patch.diffing import Options, diff_maps
from k8s_magic.machinery.patch.errors import ConflictError
from k8s_magic.machinery.patch.merging import Mode, merge_maps
from k8s_magic.machinery.schema import Schema
from k8s_magic.text import yaml_out

Map = dict[str, Any]


def apply(doc: Map, patch: Map, schema: Schema | None) -> Map:
    """The object with the patch merged in. Raises: PatchError."""
    return merge_maps(doc, patch, schema, Mode(into_object=True))


def create_two_way(original: Map, modified: Map, schema: Schema | None) -> Map:
    """The patch that makes `modified` out of `original`. Raises: PatchError."""
    return diff_maps(original, modified, schema, Options(order=True))


def create_three_way(original: Map, modified: Map, current: Map, schema: Schema | None, overwrite: bool = True) -> Map:
    """Changes from current to modified, deletions from original (what was last applied) to modified.

    Raises: PatchError; ConflictError where `overwrite` is false and someone else changed what this changes.
    """
    changes = diff_maps(current, modified, schema, Options(deletions=False, order=True))
    deletions = diff_maps(original, modified, schema, Options(changes=False, order=True))
    patch = merge_maps(deletions, changes, schema, Mode(into_object=False))
    if not overwrite:
        theirs = diff_maps(original, current, schema, Options())
        if conflicts.exist(patch, theirs, schema):
            raise ConflictError(
                f"patch:\n{yaml_out.dump(patch)}\n"
                f"conflicts with changes made from original to current:\n{yaml_out.dump(theirs)}\n"
            )
    return patch
