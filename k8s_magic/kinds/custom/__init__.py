"""Kinds that users define: the pure part of CustomResourceDefinitions.

Owns what follows from a definition: the Kind record of each version, decoding and pruning, defaults, validation,
columns, the schema tree. Refuses to store or serve (apiserver/custom does). May import what `kinds` may.

    build(definition, version)        the Kind record of a version
    decode(data, gvk, schema)         an object as the server's decoder leaves it, and the strict errors
    schema_of(version)                a version's structural schema; `tree` makes the Schema of it
    newest_first(names)               version names in the server's order of preference
"""

from k8s_magic.kinds.custom.decoding import decode
from k8s_magic.kinds.custom.kind import build, schema_of
from k8s_magic.kinds.custom.tree import CustomSchema
from k8s_magic.kinds.custom.versions import newest_first

__all__ = ["CustomSchema", "build", "decode", "newest_first", "schema_of"]
