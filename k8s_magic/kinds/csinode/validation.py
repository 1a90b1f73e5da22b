"""Source: pkg/apis/storage/validation/validation.go ValidateCSINode"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, volume_sources
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

LONGEST_ID = 256


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False)
    names: set[str] = set()
    for position, driver in enumerate(obj["spec"].get("drivers") or ()):
        at = f"spec.drivers[{position}]"
        name, node = driver.get("name", ""), driver.get("nodeID", "")
        found += volume_sources.driver_name(name, f"{at}.name")
        if not node:
            found.append(field.required(f"{at}.nodeID"))
        if len(node) > LONGEST_ID:
            found.append(field.invalid(f"{at}.nodeID", node, f"must be {LONGEST_ID} characters or less"))
        count = (driver.get("allocatable") or {}).get("count")
        if count is not None:
            found += field.not_negative(count, f"{at}.allocatable.count")
        if name in names:
            found.append(field.duplicate(f"{at}.name", name))
        names.add(name)
        found += _keys(driver.get("topologyKeys") or [], at)
    return found


def _keys(keys: list[str], path: str) -> Errors:
    found: Errors = []
    for position, key in enumerate(keys):
        if not key:
            found.append(field.required(path))
        if key in keys[:position]:
            found.append(field.duplicate(path, key))
        found += field.each(path, key, label_syntax.key_errors(key))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = validate(new)
    drivers = {driver["name"]: driver for driver in old["spec"].get("drivers") or ()}
    for driver in new["spec"].get("drivers") or ():
        if driver["name"] in drivers:
            before, after = (
                {name: value for name, value in one.items() if name != "allocatable"}
                for one in (drivers[driver["name"]], driver)
            )
            found += field.immutable(after, before, "spec.drivers")
    return found
