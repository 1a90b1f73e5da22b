"""The words after a verb: types, names, type/name. Source: cli-runtime/pkg/resource/builder.go."""

from __future__ import annotations

from collections.abc import Sequence

from k8s_magic.kubectl.errors import KubectlError


def split_types(argument: str) -> list[str]:
    """`a,b,a` -> a, b."""
    return list(dict.fromkeys(argument.split(",")))


def normalized(arguments: Sequence[str]) -> list[str]:
    """`a,b c d` -> a/c a/d b/c b/d."""
    if len(arguments) >= 2:
        types = split_types(arguments[0])
        if len(types) > 1:
            return [f"{kind}/{name}" for kind in types for name in arguments[1:]]
    return list(arguments)


def are_combined(arguments: Sequence[str]) -> bool:
    """Whether all are type/name. Raises: KubectlError where only some are."""
    slashed = sum("/" in word for word in arguments)
    if slashed and slashed != len(arguments):
        raise KubectlError(
            "there is no need to specify a resource type as a separate argument when passing arguments in "
            "resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of "
            "'kubectl get resource resource/<resource_name>'"
        )
    return slashed > 0


def split_name(word: str) -> tuple[str, str] | None:
    """`pod/x` -> (pod, x); None without a slash. Raises: KubectlError."""
    if "/" not in word:
        return None
    parts = word.split("/")
    if len(parts) != 2:
        raise KubectlError("arguments in resource/name form may not have more than one slash")
    kind, name = parts
    if not kind or not name or len(split_types(kind)) != 1:
        raise KubectlError("arguments in resource/name form must have a single resource and name")
    return kind, name


def has_names(arguments: Sequence[str]) -> bool:
    """Whether the words name objects and not only types. Raises: KubectlError."""
    words = normalized(arguments)
    return are_combined(words) or len(words) > 1
