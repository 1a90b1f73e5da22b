"""Service: one stable address for a set of Pods."""

from __future__ import annotations

from k8s_magic.kinds import pod_selector
from k8s_magic.kinds.record import Behaviour, text_at
from k8s_magic.kinds.service import change, warning

KIND = Behaviour(
    "Service",
    selectable_fields={"spec.clusterIP": text_at("spec", "clusterIP"), "spec.type": text_at("spec", "type")},
    prepare_update=change.drop_dependent_fields,
    pod_selector=pod_selector.of_equality,
    warnings=warning.warnings,
)
