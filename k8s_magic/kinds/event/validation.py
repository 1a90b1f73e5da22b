"""Source: pkg/apis/core/validation/events.go; both forms of Event, told apart by their apiVersion"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

LIMIT, NOTE_LIMIT = 128, 1024
UNSET = "needs to be unset"
MISMATCH = "does not match event.namespace"
# In events.k8s.io/v1, under the names of the internal type that complaints have.
FIXED = (
    ("involvedObject", "regarding"),
    ("reason", "reason"),
    ("message", "note"),
    ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
    ("type", "type"),
    ("eventTime", "eventTime"),
    ("action", "action"),
    ("related", "related"),
    ("reportingController", "reportingController"),
    ("reportingInstance", "reportingInstance"),
)


def _is_new_form(obj: Object) -> bool:
    return str(obj.get("apiVersion", "")).startswith("events.k8s.io/")


def validate(obj: Object) -> Errors:
    found = _common(obj)
    if not _is_new_form(obj):
        return found
    found += metadata.validate(obj) + _series(obj)
    if obj.get("eventTime") is None:
        found.append(field.required("eventTime"))
    if obj.get("type") not in ("Normal", "Warning"):
        found.append(field.invalid("type", "", f"has invalid value: {obj.get('type', '')}"))
    for shown, name in FIXED[4:7]:
        if obj.get(name):
            found.append(field.invalid(shown, "", UNSET))
    source = obj.get("deprecatedSource") or {}
    if source.get("component") or source.get("host"):
        found.append(field.invalid("source", "", UNSET))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = _common(new)
    if not _is_new_form(new):
        return found
    found += metadata.validate_update(new, old)
    if new.get("series") != old.get("series"):
        found += _series(new)
    for shown, name in FIXED:
        found += field.immutable(new.get(name), old.get(name), shown)
    return found


def _series(obj: Object) -> Errors:
    series = obj.get("series")
    if series is None:
        return []
    found: Errors = []
    if series.get("count", 0) < 2:
        found.append(field.invalid("series.count", "", "should be at least 2"))
    if series.get("lastObservedTime") is None:
        found.append(field.required("series.lastObservedTime"))
    return found


def _common(obj: Object) -> Errors:
    """legacyValidateEvent."""
    is_new = _is_new_form(obj)
    namespace = obj["metadata"].get("namespace", "")
    involved = (obj.get("regarding" if is_new else "involvedObject") or {}).get("namespace", "")
    found: Errors = []
    if obj.get("eventTime") is None:
        fits = namespace in ("", "default") if not involved else namespace == involved
        if not fits:
            found.append(field.invalid("involvedObject.namespace", involved, MISMATCH))
    else:
        if not involved and namespace not in ("default", "kube-system"):
            found.append(field.invalid("involvedObject.namespace", involved, MISMATCH))
        found += _reporting(obj, is_new)
    return found + field.each("namespace", namespace, words.dns_subdomain(namespace))


def _reporting(obj: Object, is_new: bool) -> Errors:
    found: Errors = []
    name = "reportingController" if is_new else "reportingComponent"
    controller = obj.get(name, "")
    if not controller:
        found.append(field.required(name))
    found += field.each(name, controller, label_syntax.key_errors(controller))
    for part in ("reportingInstance", "action", "reason"):
        value = obj.get(part, "")
        if not value:
            found.append(field.required(part))
        if len(value) > LIMIT:
            found.append(field.invalid(part, "", f"can have at most {LIMIT} characters"))
    if len(obj.get("note" if is_new else "message", "")) > NOTE_LIMIT:
        found.append(field.invalid("message", "", f"can have at most {NOTE_LIMIT} characters"))
    return found
