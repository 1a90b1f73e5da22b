"""Defaults of admission webhooks and policies. Source: pkg/apis/admissionregistration/v1/defaults.go"""

from __future__ import annotations

from k8s_magic.machinery.meta import Object


def validating_webhook(obj: Object) -> None:
    obj.setdefault("failurePolicy", "Fail")
    match_resources(obj)
    obj.setdefault("timeoutSeconds", 10)


def mutating_webhook(obj: Object) -> None:
    validating_webhook(obj)
    obj.setdefault("reinvocationPolicy", "Never")


def rule(obj: Object) -> None:
    obj.setdefault("scope", "*")


def service_reference(obj: Object) -> None:
    obj.setdefault("port", 443)


def policy_spec(obj: Object) -> None:
    obj.setdefault("failurePolicy", "Fail")


def match_resources(obj: Object) -> None:
    obj.setdefault("matchPolicy", "Equivalent")
    obj.setdefault("namespaceSelector", {})
    obj.setdefault("objectSelector", {})


TYPES = {
    "admissionregistration.v1.ValidatingWebhook": validating_webhook,
    "admissionregistration.v1.MutatingWebhook": mutating_webhook,
    "admissionregistration.v1.Rule": rule,
    "admissionregistration.v1.RuleWithOperations": rule,
    "admissionregistration.v1.NamedRuleWithOperations": rule,
    "admissionregistration.v1.ServiceReference": service_reference,
    "admissionregistration.v1.ValidatingAdmissionPolicySpec": policy_spec,
    "admissionregistration.v1.MutatingAdmissionPolicySpec": policy_spec,
    "admissionregistration.v1.MatchResources": match_resources,
}
