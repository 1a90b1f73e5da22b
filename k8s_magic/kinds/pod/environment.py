"""Environment variables and what they are read from. Source: pkg/apis/core/validation/validation.go ValidateEnv"""

from __future__ import annotations

import re

from k8s_magic.kinds.validation import field, paths, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

ENV_FIELDS = (
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
VOLUME_FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
RESOURCES = ("cpu", "ephemeral-storage", "memory")
RESOURCE_FIELDS = tuple(f"{side}.{name}" for side in ("limits", "requests") for name in RESOURCES)
HUGE_PAGE_FIELDS = ("limits.hugepages-", "requests.hugepages-")
CPU_DIVISORS = ("1m", "1")
SIZES = ("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei")
# What ConvertDownwardAPIFieldLabel knows. Source: pkg/apis/core/pods/helpers.go
KNOWN_FIELDS = {*ENV_FIELDS, *VOLUME_FIELDS, "spec.restartPolicy", "spec.schedulerName", "status.phase"}
_SUBSCRIPT = re.compile(r"(.+)\['(.*)'\]")


def env(variables: list[Object] | None, path: str) -> Errors:
    found: Errors = []
    for position, variable in enumerate(variables or ()):
        at = f"{path}[{position}]"
        name = variable.get("name", "")
        if not name:
            found.append(field.required(f"{at}.name"))
        else:
            found += field.each(f"{at}.name", name, words.env_name(name))
        if variable.get("valueFrom") is not None:
            found += _value_from(variable, f"{at}.valueFrom")
    return found


def _value_from(variable: Object, path: str) -> Errors:
    source = variable["valueFrom"]
    found: Errors = []
    number = 0
    if source.get("fieldRef") is not None:
        number += 1
        found += field_selector(source["fieldRef"], ENV_FIELDS, f"{path}.fieldRef")
    if source.get("resourceFieldRef") is not None:
        number += 1
        found += resource_selector(source["resourceFieldRef"], f"{path}.resourceFieldRef", in_volume=False)
    for name in ("configMapKeyRef", "secretKeyRef"):
        if source.get(name) is not None:
            number += 1
            found += _key_selector(source[name], f"{path}.{name}")
    if source.get("fileKeyRef") is not None:
        number += 1
        found += _file_key(source["fileKeyRef"], f"{path}.fileKeyRef")
    if number == 0:
        message = (
            "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
        )
        found.append(field.invalid(path, "", message))
    elif variable.get("value"):
        found.append(field.invalid(path, "", "may not be specified when `value` is not empty"))
    elif number > 1:
        found.append(field.invalid(path, "", "may not have more than one field specified at a time"))
    return found


def field_selector(selector: Object, valid: tuple[str, ...], path: str) -> Errors:
    """validateObjectFieldSelector."""
    version, text = selector.get("apiVersion", ""), selector.get("fieldPath", "")
    for name, value in (("apiVersion", version), ("fieldPath", text)):
        if not value:
            return [field.required(f"{path}.{name}")]
    if version != "v1":
        message = f"error converting fieldPath: unsupported pod version: {version}"
        return [field.invalid(f"{path}.fieldPath", text, message)]
    subscript = _SUBSCRIPT.fullmatch(text)
    name = subscript[1] if subscript else text
    if subscript and name in ("metadata.annotations", "metadata.labels"):
        key = subscript[2].lower() if name == "metadata.annotations" else subscript[2]
        return field.each(path, key, label_syntax.key_errors(key))
    if subscript:
        message = f'error converting fieldPath: field label does not support subscript: "{text}"'
        return [field.invalid(f"{path}.fieldPath", text, message)]
    if name not in KNOWN_FIELDS:
        message = f"error converting fieldPath: field label not supported: {text}"
        return [field.invalid(f"{path}.fieldPath", text, message)]
    return [] if name in valid else [field.unsupported(f"{path}.fieldPath", name, valid)]


def resource_selector(selector: Object, path: str, *, in_volume: bool) -> Errors:
    """validateContainerResourceFieldSelector."""
    found: Errors = []
    resource = selector.get("resource", "")
    if in_volume and not selector.get("containerName"):
        found.append(field.required(f"{path}.containerName"))
    elif not resource:
        found.append(field.required(f"{path}.resource"))
    elif resource not in RESOURCE_FIELDS and not resource.startswith(HUGE_PAGE_FIELDS):
        found.append(field.unsupported(f"{path}.resource", resource, RESOURCE_FIELDS))
    divisor = selector.get("divisor", "0")
    if divisor == "0":
        return found
    kind = resource.partition(".")[2]
    named = {"memory": "memory", "ephemeral-storage": "local ephemeral storage"}.get(kind, "")
    if kind == "cpu" and divisor not in CPU_DIVISORS:
        message = "only divisor's values 1m and 1 are supported with the cpu resource"
        found.append(field.invalid(f"{path}.divisor", resource, message))
    elif (named or kind.startswith("hugepages-")) and divisor not in SIZES:
        message = f"only divisor's values {', '.join(SIZES)} are supported with the {named or 'hugepages'} resource"
        found.append(field.invalid(f"{path}.divisor", resource, message))
    return found


def _key_selector(selector: Object, path: str) -> Errors:
    name, key = selector.get("name", ""), selector.get("key", "")
    found = field.each(f"{path}.name", name, words.dns_subdomain(name))
    if not key:
        return [*found, field.required(f"{path}.key")]
    return found + field.each(f"{path}.key", key, words.config_key(key))


def _file_key(selector: Object, path: str) -> Errors:
    key, volume, file = (selector.get(name, "") for name in ("key", "volumeName", "path"))
    found: Errors = []
    found += field.each(f"{path}.key", key, words.env_name(key)) if key else [field.required(f"{path}.key")]
    if volume:
        found += field.each(f"{path}.volumeName", volume, words.dns_label(volume))
    else:
        found.append(field.required(f"{path}.volumeName"))
    found += paths.no_backsteps(file, f"{path}.path") if file else [field.required(f"{path}.path")]
    return found


def env_from(sources: list[Object] | None, path: str) -> Errors:
    found: Errors = []
    for position, source in enumerate(sources or ()):
        at = f"{path}[{position}]"
        prefix = source.get("prefix", "")
        if prefix:
            found += field.each(f"{at}.prefix", prefix, words.env_name(prefix))
        number = 0
        for name in ("configMapRef", "secretRef"):
            if source.get(name) is None:
                continue
            number += 1
            target = source[name].get("name", "")
            if not target:
                found.append(field.required(f"{at}.{name}.name"))
            else:
                found += field.each(f"{at}.{name}.name", target, words.dns_subdomain(words.masked(target)))
        if number == 0:
            found.append(field.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"))
        elif number > 1:
            found.append(field.invalid(path, "", "may not have more than one field specified at a time"))
    return found
