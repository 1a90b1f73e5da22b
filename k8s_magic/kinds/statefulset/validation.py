"""Source: pkg/apis/apps/validation/validation.go ValidateStatefulSet"""

from __future__ import annotations

from typing import Any

from k8s_magic.kinds.pod import annotation, template
from k8s_magic.kinds.validation import amounts, claims, field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

RETENTION = ("Retain", "Delete")
MAY_CHANGE = (
    "replicas",
    "template",
    "updateStrategy",
    "minReadySeconds",
    "ordinals",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
)
FIXED = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, name=words.dns_label)
    return found + spec(obj["spec"], "spec", is_new=True)


def validate_update(new: Object, old: Object) -> Errors:
    found = metadata.validate_update(new, old)
    after, before = new["spec"], old["spec"]
    if after is before:
        return found
    found += spec(after, "spec", is_new=False)
    fixed = [{name: value for name, value in one.items() if name not in MAY_CHANGE} for one in (after, before)]
    if fixed[0] != fixed[1]:
        found.append(field.forbidden("spec", FIXED))
    return found


def spec(obj: Object, path: str, *, is_new: bool) -> Errors:
    found: Errors = []
    policy = obj.get("podManagementPolicy", "")
    if not policy:
        found.append(field.required(f"{path}.podManagementPolicy"))
    elif policy not in ("OrderedReady", "Parallel"):
        message = "must be 'OrderedReady' or 'Parallel'"
        found.append(field.invalid(f"{path}.podManagementPolicy", policy, message))
    found += _strategy(obj["updateStrategy"], f"{path}.updateStrategy")
    retention = obj.get("persistentVolumeClaimRetentionPolicy") or {}
    for name in ("whenDeleted", "whenScaled"):
        if retention.get(name) not in RETENTION:
            at = f"{path}.persistentVolumeClaimRetentionPolicy.{name}"
            found.append(field.unsupported(at, retention.get(name, ""), RETENTION))
    templates = obj.get("volumeClaimTemplates") or []
    if is_new:
        for position, claim in enumerate(templates):
            found += claims.spec(claim["spec"], f"{path}.volumeClaimTemplates[{position}].spec")
    found += field.not_negative(obj.get("replicas", 0), f"{path}.replicas")
    found += field.not_negative(obj.get("minReadySeconds", 0), f"{path}.minReadySeconds")
    if obj.get("ordinals") is not None:
        found += field.not_negative(obj["ordinals"].get("start", 0), f"{path}.ordinals.start")
    if is_new and obj.get("serviceName"):
        name = obj["serviceName"]
        found += field.each(f"{path}.serviceName", name, words.dns_label(name))
    selector, wrong = template.label_selector(obj.get("selector"), "statefulset", f"{path}.selector")
    found += wrong
    if selector is None:
        found.append(field.invalid(f"{path}.selector", obj.get("selector"), ""))
    else:
        found += _template(obj, selector, f"{path}.template")
    return found + template.always_running(obj["template"], "StatefulSet", f"{path}.template")


def _template(obj: Object, selector: Any, path: str) -> Errors:
    """The template with the volumes that the claim templates will bring."""
    inner = obj["template"]
    claimed = {claim["metadata"].get("name", ""): claim for claim in obj.get("volumeClaimTemplates") or ()}
    spec = {name: value for name, value in inner["spec"].items() if name not in ("subdomain", "hostname")}
    if claimed:
        volumes = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claimed]
        own = [volume for volume in spec.get("volumes") or () if volume.get("name") not in claimed]
        spec["volumes"] = volumes + own
    complete = {**inner, "spec": spec}
    found = template.matching(inner, selector, path) + template.validate(complete, path)
    meta = inner["metadata"]
    found += metadata.labels(meta.get("labels") or {}, f"{path}.labels")
    annotations = meta.get("annotations") or {}
    found += metadata.check_annotations(annotations, f"{path}.annotations")
    return found + annotation.validate(annotations, spec, f"{path}.annotations")


def _strategy(obj: Object, path: str) -> Errors:
    type_, rolling = obj.get("type", ""), obj.get("rollingUpdate")
    if not type_:
        return [field.required(path)]
    if type_ == "OnDelete":
        if rolling is None:
            return []
        shown = {"Partition": rolling.get("partition", 0), "MaxUnavailable": rolling.get("maxUnavailable")}
        message = "only allowed for updateStrategy 'RollingUpdate'"
        return [field.invalid(f"{path}.rollingUpdate", shown, message)]
    if type_ != "RollingUpdate":
        shown = {"Type": type_, "RollingUpdate": None}
        return [field.invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'")]
    if rolling is None:
        return []
    at = f"{path}.rollingUpdate"
    found = field.not_negative(rolling.get("partition", 0), f"{at}.partition")
    unavailable = rolling.get("maxUnavailable")
    if unavailable is not None:
        found += amounts.number_or_percent(unavailable, f"{at}.maxUnavailable")
        if amounts.bare(unavailable) == 0:
            found.append(field.invalid(f"{at}.maxUnavailable", unavailable, "cannot be 0"))
        found += amounts.at_most_all(unavailable, f"{at}.maxUnavailable")
    return found
