"""Defaults of API priority and fairness. Source: pkg/apis/flowcontrol/v1/defaults.go"""

from __future__ import annotations

from k8s_magic.machinery.meta import Object


def flow_schema_spec(obj: Object) -> None:
    obj["matchingPrecedence"] = obj.get("matchingPrecedence") or 1000


def exempt(obj: Object) -> None:
    obj.setdefault("nominalConcurrencyShares", 0)
    obj.setdefault("lendablePercent", 0)


def limited(obj: Object) -> None:
    if obj.get("nominalConcurrencyShares") is None:
        obj["nominalConcurrencyShares"] = 30
    obj.setdefault("lendablePercent", 0)


def queuing(obj: Object) -> None:
    obj["handSize"] = obj.get("handSize") or 8
    obj["queues"] = obj.get("queues") or 64
    obj["queueLengthLimit"] = obj.get("queueLengthLimit") or 50


TYPES = {
    "flowcontrol.v1.FlowSchemaSpec": flow_schema_spec,
    "flowcontrol.v1.ExemptPriorityLevelConfiguration": exempt,
    "flowcontrol.v1.LimitedPriorityLevelConfiguration": limited,
    "flowcontrol.v1.QueuingConfiguration": queuing,
}
