"""What create and update drop or carry over, for any kind, from its record.

Source: pkg/registry/*/*/strategy.go
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from k8s_magic.kinds import defaults
from k8s_magic.kinds.decoding import zero
from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery.meta import Object


def prepare_create(behaviour: Behaviour, key: str, has_status: bool) -> Callable[[Object], None]:
    born: Object | None = None
    if has_status and not behaviour.keeps_status:
        empty = {"apiVersion": "", "kind": "", **zero(key)}
        defaults.default(empty, key)
        born = empty.get("status")

    def prepare(obj: Object) -> None:
        if born is not None:
            obj["status"] = deepcopy(born)
        if behaviour.generation:
            obj["metadata"]["generation"] = 1
        if behaviour.template:
            drop_in_template(obj, behaviour.template)
        if behaviour.prepare_create is not None:
            behaviour.prepare_create(obj)

    return prepare


def prepare_update(behaviour: Behaviour, has_status: bool) -> Callable[[Object, Object], None]:
    def prepare(new: Object, old: Object) -> None:
        if has_status:
            carry(new, old, "status")
        if behaviour.template:
            drop_in_template(new, behaviour.template)
        if behaviour.prepare_update is not None:
            behaviour.prepare_update(new, old)
        if behaviour.generation:
            count_generation(new, old, behaviour.generation)

    return prepare


def prepare_status_update(behaviour: Behaviour) -> Callable[[Object, Object], None]:
    def prepare(new: Object, old: Object) -> None:
        for name in behaviour.fixed_by_status:
            carry(new, old, name)
        generation = old["metadata"].get("generation")
        if generation is not None:
            new["metadata"]["generation"] = generation
        if behaviour.prepare_status_update is not None:
            behaviour.prepare_status_update(new, old)

    return prepare


def template_of(obj: Object, path: tuple[str, ...]) -> Object | None:
    """The pod template at a path of keys."""
    found: Object | None = obj
    for name in path:
        found = (found or {}).get(name)
    return found


def drop_in_template(obj: Object, path: tuple[str, ...]) -> None:
    """Take out what is behind closed feature gates (in place on the caller's copy)."""
    from k8s_magic.kinds.pod import gates

    template = template_of(obj, path)
    if template is not None and template.get("spec"):
        gates.drop_in_template(template)


def warnings(behaviour: Behaviour) -> Callable[[Object, Object | None], list[str]] | None:
    """The kind's own warnings, or those about its pod template."""
    if behaviour.warnings is not None or not behaviour.template:
        return behaviour.warnings

    def warn(obj: Object, old: Object | None) -> list[str]:
        from k8s_magic.kinds.pod import warning

        template = template_of(obj, behaviour.template)
        if template is None or (old is not None and template == template_of(old, behaviour.template)):
            return []
        return warning.of_template(template, ".".join(behaviour.template))

    return warn


def carry(new: Object, old: Object, name: str) -> None:
    """The old value of a top-level field."""
    if name in old:
        new[name] = old[name]
    else:
        new.pop(name, None)


def count_generation(new: Object, old: Object, paths: tuple[str, ...]) -> None:
    """One more when something below the paths differs; a path is a key or `metadata.<key>`."""
    generation: int = old["metadata"].get("generation", 0)
    for path in paths:
        outer, _, inner = path.partition(".")
        before, after = old.get(outer), new.get(outer)
        if inner:
            before, after = (before or {}).get(inner), (after or {}).get(inner)
        if before is not after and before != after:
            generation += 1
            break
    if generation:
        new["metadata"]["generation"] = generation
