"""Webhooks and bindings of admission policies: what they match, whom they call. Their CEL is not compiled.

Source: pkg/apis/admissionregistration/validation/validation.go, apiserver/pkg/util/webhook/validation.go
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlparse

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object

OPERATIONS = ("*", "CONNECT", "CREATE", "DELETE", "UPDATE")
MUTATING_OPERATIONS = ("*", "CONNECT", "CREATE", "UPDATE")
SCOPES = ("*", "Cluster", "Namespaced")
MATCH_POLICIES = ("Equivalent", "Exact")
FAILURE_POLICIES = ("Fail", "Ignore")
NO_SIDE_EFFECTS = ("None", "NoneOnDryRun")
REINVOCATIONS = ("IfNeeded", "Never")
ACTIONS = ("Audit", "Deny", "Warn")
REVIEW_VERSIONS = ("v1", "v1beta1")
LONGEST_TIMEOUT = 30
MOST_CONDITIONS = 64


def webhooks(obj: Object, *, mutating: bool) -> Errors:
    """A whole configuration."""
    found = metadata.validate(obj, namespaced=False, is_core=False)
    names: set[str] = set()
    for position, hook in enumerate(obj.get("webhooks") or ()):
        path, name = f"webhooks[{position}]", hook.get("name", "")
        found += _webhook(hook, path, mutating)
        found += _review_versions(hook.get("admissionReviewVersions") or [], f"{path}.admissionReviewVersions")
        if name and name in names:
            found.append(field.duplicate(f"{path}.name", name))
        names.add(name)
    return found


def binding(obj: Object, *, mutating: bool) -> Errors:
    """A whole policy binding."""
    found = metadata.validate(obj, namespaced=False, is_core=False)
    spec = obj.get("spec") or {}
    policy = spec.get("policyName", "")
    if not policy:
        found.append(field.required("spec.policyName"))
    else:
        found += field.each("spec.policyName", policy, words.dns_subdomain(policy))
    found += _param_ref(spec.get("paramRef"), "spec.paramRef")
    resources = spec.get("matchResources")
    found += match_resources(resources, "spec.matchResources")
    if not mutating:
        return found + _actions(spec.get("validationActions") or [], "spec.validationActions")
    for each in (resources or {}).get("resourceRules") or ():
        for operation in each.get("operations") or ():
            if operation not in MUTATING_OPERATIONS:
                path = "spec.matchResources.resourceRules.operations"
                found.append(field.unsupported(path, operation, MUTATING_OPERATIONS))
    return found


def match_resources(given: Object | None, path: str) -> Errors:
    if given is None:
        return []
    found = field.one_of(given.get("matchPolicy"), MATCH_POLICIES, f"{path}.matchPolicy")
    for name in ("namespaceSelector", "objectSelector"):
        if given.get(name) is None:
            found.append(field.required(f"{path}.{name}"))
        else:
            found += metadata.label_selector(given[name], f"{path}.{name}")
    for name in ("resourceRules", "excludeResourceRules"):
        for position, each in enumerate(given.get(name) or ()):
            found += _named_rule(each, f"{path}.{name}[{position}]")
    return found


def _named_rule(given: Object, path: str) -> Errors:
    found: Errors = []
    seen: set[str] = set()
    for position, name in enumerate(given.get("resourceNames") or ()):
        here = f"{path}.resourceNames[{position}]"
        found += field.each(here, name, words.path_segment(name))
        if name in seen:
            found.append(field.duplicate(here, name))
        seen.add(name)
    return found + _rule(given, path)


def _rule(given: Object, path: str) -> Errors:
    found: Errors = []
    operations = given.get("operations") or []
    if not operations:
        found.append(field.required(f"{path}.operations"))
    if len(operations) > 1 and "*" in operations:
        why = "if '*' is present, must not specify other operations"
        found.append(field.invalid(f"{path}.operations", operations, why))
    for position, each in enumerate(operations):
        if each not in OPERATIONS:
            found.append(field.unsupported(f"{path}.operations[{position}]", each, OPERATIONS))
    for name, shown in (("apiGroups", "API groups"), ("apiVersions", "API versions")):
        values = given.get(name) or []
        if not values:
            found.append(field.required(f"{path}.{name}"))
        if len(values) > 1 and "*" in values:
            why = f"if '*' is present, must not specify other {shown}"
            found.append(field.invalid(f"{path}.{name}", values, why))
        if name == "apiVersions":
            found += [field.required(f"{path}.{name}[{at}]") for at, each in enumerate(values) if not each]
    found += _resources(given.get("resources") or [], f"{path}.resources")
    scope = given.get("scope")
    if scope is not None and scope not in SCOPES:
        found.append(field.unsupported(f"{path}.scope", scope, SCOPES))
    return found


def _resources(given: list[str], path: str) -> Errors:
    found: Errors = [] if given else [field.required(path)]
    every_sub: set[str] = set()
    every_resource: set[str] = set()
    for position, each in enumerate(given):
        here = f"{path}[{position}]"
        if not each:
            found.append(field.required(here))
        resource, slash, sub = each.partition("/")
        if not slash:
            continue
        if resource in every_sub:
            found.append(field.invalid(here, each, f"if '{resource}/*' is present, must not specify {each}"))
        if sub in every_resource:
            found.append(field.invalid(here, each, f"if '*/{sub}' is present, must not specify {each}"))
        if sub == "*":
            every_sub.add(resource)
        if resource == "*":
            every_resource.add(sub)
    if len(given) > 1 and "*/*" in given:
        found.append(field.invalid(path, given, "if '*/*' is present, must not specify other resources"))
    plain = [each for each in given if each and "/" not in each]
    if "*" in given and plain and plain[-1] != "*":
        why = "if '*' is present, must not specify other resources without subresources"
        found.append(field.invalid(path, given, why))
    return found


def _param_ref(given: Object | None, path: str) -> Errors:
    if given is None:
        return []
    found: Errors = []
    name, selector = given.get("name", ""), given.get("selector")
    exclusive = "name and selector are mutually exclusive"
    if name:
        found += field.each(f"{path}.name", name, words.path_segment(name))
        if selector is not None:
            found.append(field.forbidden(f"{path}.name", exclusive))
    if selector is not None:
        found += metadata.label_selector(selector, f"{path}.selector")
        if name:
            found.append(field.forbidden(f"{path}.selector", exclusive))
    if not name and selector is None:
        found.append(field.required(path, "one of name or selector must be specified"))
    action = given.get("parameterNotFoundAction")
    if not action:
        found.append(field.required(f"{path}.parameterNotFoundAction"))
    elif action not in ("Deny", "Allow"):
        found.append(field.unsupported(f"{path}.parameterNotFoundAction", action, ("Deny", "Allow")))
    return found


def _actions(given: list[str], path: str) -> Errors:
    found: Errors = []
    for position, each in enumerate(given):
        if each not in ACTIONS:
            found.append(field.unsupported(f"{path}[{position}]", each, ACTIONS))
        if each in given[:position]:
            found.append(field.duplicate(f"{path}[{position}]", each))
    if "Deny" in given and "Warn" in given:
        why = (
            "must not contain both Deny and Warn (repeating the same validation failure information in the API "
            "response and headers serves no purpose)"
        )
        found.append(field.invalid(path, given, why))
    if not given:
        found.append(field.required(path, "at least one validation action is required"))
    return found


def _webhook(hook: Object, path: str, mutating: bool) -> Errors:
    found = words.qualified_domain(f"{path}.name", hook.get("name", ""))
    for position, each in enumerate(hook.get("rules") or ()):
        found += _rule(each, f"{path}.rules[{position}]")
    for name, valid in (("failurePolicy", FAILURE_POLICIES), ("matchPolicy", MATCH_POLICIES)):
        if hook.get(name) is not None and hook[name] not in valid:
            found.append(field.unsupported(f"{path}.{name}", hook[name], valid))
    effects = hook.get("sideEffects")
    if effects is None:
        found.append(field.required(f"{path}.sideEffects", f"must specify one of {', '.join(NO_SIDE_EFFECTS)}"))
    elif effects not in NO_SIDE_EFFECTS:
        found.append(field.unsupported(f"{path}.sideEffects", effects, NO_SIDE_EFFECTS))
    timeout = hook.get("timeoutSeconds")
    if timeout is not None and not 1 <= timeout <= LONGEST_TIMEOUT:
        why = f"the timeout value must be between 1 and {LONGEST_TIMEOUT} seconds"
        found.append(field.invalid(f"{path}.timeoutSeconds", timeout, why))
    for name in ("namespaceSelector", "objectSelector"):
        found += metadata.label_selector(hook.get(name), f"{path}.{name}")
    again = hook.get("reinvocationPolicy")
    if mutating and again is not None and again not in REINVOCATIONS:
        found.append(field.unsupported(f"{path}.reinvocationPolicy", again, REINVOCATIONS))
    found += _client(hook.get("clientConfig") or {}, f"{path}.clientConfig")
    return found + _conditions(hook.get("matchConditions") or [], f"{path}.matchConditions")


def _client(given: Object, path: str) -> Errors:
    url, service = given.get("url"), given.get("service")
    if (url is None) == (service is None):
        return [field.required(path, "exactly one of url or service is required")]
    if url is not None:
        return _url(url, f"{path}.url")
    called: Object = service or {}
    found = [field.required(f"{path}.service.{name}") for name in ("name", "namespace") if not called.get(name)]
    port = called.get("port")
    if port is not None and (wrong := words.port_number(port)):
        found.append(field.invalid(f"{path}.service.port", port, f"port is not valid: {', '.join(wrong)}"))
    return found


def _url(text: str, path: str) -> Errors:
    form = "; desired format: https://host[/path]"
    parts = urlparse(text)
    found: Errors = []
    if parts.scheme != "https":
        found.append(field.invalid(path, parts.scheme, f"'https' is the only allowed URL scheme{form}"))
    if not parts.netloc:
        found.append(field.invalid(path, parts.netloc, f"host must be specified{form}"))
    return found


def _review_versions(given: list[str], path: str) -> Errors:
    if not given:
        return [field.required(path, f"must specify one of {', '.join(REVIEW_VERSIONS)}")]
    found: Errors = []
    for position, each in enumerate(given):
        here = f"{path}[{position}]"
        if each in given[:position]:
            found.append(field.invalid(here, each, "duplicate version"))
        else:
            found += field.each(here, each, words.dns_1035_label(each))
    if not any(each in REVIEW_VERSIONS for each in given):
        found.append(field.invalid(path, given, f"must include at least one of {', '.join(REVIEW_VERSIONS)}"))
    return found


def _conditions(given: list[Any], path: str) -> Errors:
    found: Errors = [field.too_many(path, len(given), MOST_CONDITIONS)] if len(given) > MOST_CONDITIONS else []
    names: set[str] = set()
    for position, each in enumerate(given):
        here, name = f"{path}[{position}]", each.get("name", "")
        if not each.get("expression", "").strip():
            found.append(field.required(f"{here}.expression"))
        if not name:
            found.append(field.required(f"{here}.name"))
        else:
            found += field.each(f"{here}.name", name, label_syntax.key_errors(name))
        if name and name in names:
            found.append(field.duplicate(f"{here}.name", name))
        names.add(name)
    return found
