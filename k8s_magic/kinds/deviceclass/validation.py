"""Source: pkg/apis/resource/validation/validation.go. CEL expressions are not compiled."""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, quantities
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

# Source: pkg/apis/resource/types.go (DeviceSelectorsMaxSize, DeviceConfigMaxSize, CELSelectorExpressionMaxLength)
MOST = 32
LONGEST = 10 * 1024


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False, with_generate_name=False)
    return found + _spec(obj.get("spec") or {})


def validate_update(new: Object, old: Object) -> Errors:
    return validate(new) + metadata.validate_update(new, old)


def _spec(spec: Object) -> Errors:
    found: Errors = []
    for part, check in (("selectors", _selector), ("config", _config)):
        several = spec.get(part) or ()
        if len(several) > MOST:
            found.append(field.too_many(f"spec.{part}", len(several), MOST))
        for position, each in enumerate(several):
            found += check(each, f"spec.{part}[{position}]")
    name = spec.get("extendedResourceName")
    if name is not None and not quantities.is_extended(name):
        found.append(field.invalid("spec.extendedResourceName", name, "must be a valid extended resource name"))
    return found


def _selector(selector: Object, path: str) -> Errors:
    cel = selector.get("cel")
    if cel is None:
        return [field.required(f"{path}.cel")]
    too_long = len(cel.get("expression", "").encode()) > LONGEST
    return [field.too_long(f"{path}.cel.expression", LONGEST)] if too_long else []


def _config(config: Object, path: str) -> Errors:
    opaque = config.get("opaque")
    if opaque is None:
        return [field.required(f"{path}.opaque")]
    found = [] if opaque.get("driver") else [field.required(f"{path}.opaque.driver")]
    parameters = opaque.get("parameters")
    if parameters is None:
        found.append(field.required(f"{path}.opaque.parameters"))
    elif not isinstance(parameters, dict):
        found.append(field.invalid(f"{path}.opaque.parameters", "<value omitted>", "must be a valid JSON object"))
    return found
