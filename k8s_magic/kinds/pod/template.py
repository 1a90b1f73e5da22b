"""Pod templates inside other kinds. Source: core/validation ValidatePodTemplateSpec"""

from __future__ import annotations

from k8s_magic.kinds.pod import annotation, spec
from k8s_magic.kinds.validation import field, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.selectors import Selector

NO_MATCH = "`selector` does not match template `labels`"


def validate(template: Object, path: str) -> Errors:
    meta, inner = template["metadata"], template["spec"]
    found: Errors = []
    if meta.get("labels"):
        found += metadata.labels(meta["labels"], f"{path}.labels")
    annotations = meta.get("annotations")
    if annotations:
        found += metadata.check_annotations(annotations, f"{path}.annotations")
        found += annotation.validate(annotations, inner, f"{path}.annotations")
    found += spec.validate(inner, f"{path}.spec")
    if annotations:
        found += annotation.matches(annotations, inner, f"{path}.spec")
    if inner.get("ephemeralContainers"):
        message = "ephemeral containers not allowed in pod template"
        found.append(field.forbidden(f"{path}.spec.ephemeralContainers", message))
    return found


def label_selector(selector: Object | None, what: str, path: str) -> tuple[Selector | None, Errors]:
    """A required, non-empty selector as workloads have it; None where it cannot be read."""
    found: Errors = []
    if selector is None:
        found.append(field.required(path))
    else:
        found += metadata.label_selector(selector, path)
        if not selector.get("matchLabels") and not selector.get("matchExpressions"):
            found.append(field.invalid(path, selector, f"empty selector is invalid for {what}"))
    try:
        return selectors.from_label_selector(selector), found
    except selectors.SelectorError:
        return None, found


def matching(template: Object, selector: Selector | None, path: str) -> Errors:
    """The selector must select the template's Pods; an empty one is not asked."""
    if selector is None or selector.is_everything:
        return []
    labels = template["metadata"].get("labels")
    if selector.matches(labels or {}):
        return []
    return [field.invalid(f"{path}.metadata.labels", labels, NO_MATCH)]


def always_running(template: Object, what: str, path: str) -> Errors:
    """What controllers that keep Pods running ask of a template."""
    found: Errors = []
    inner = template["spec"]
    if inner.get("restartPolicy") != "Always":
        at = f"{path}.spec.restartPolicy"
        found.append(field.unsupported(at, inner.get("restartPolicy", ""), ("Always",)))
    if inner.get("activeDeadlineSeconds") is not None:
        message = f"activeDeadlineSeconds in {what} is not Supported"
        found.append(field.forbidden(f"{path}.spec.activeDeadlineSeconds", message))
    return found
