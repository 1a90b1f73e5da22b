"""Questions about who somebody is and may do what: answered and never stored.

Source: pkg/registry/{authentication,authorization}, pkg/apis/authorization/validation/validation.go, the recorded
answers of a real control plane
"""

from __future__ import annotations

from typing import Any

from k8s_magic.apiserver.access import Attributes, Authorizer, users
from k8s_magic.apiserver.access.authorizer import aggregate
from k8s_magic.apiserver.access.tokens import TokenError, Tokens
from k8s_magic.apiserver.core import Core
from k8s_magic.kinds.validation import field, go_json, metadata
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery import errors, selectors
from k8s_magic.machinery.kind import Kind, Warn
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind
from k8s_magic.machinery.patch import managed_fields
from k8s_magic.machinery.protocols import UserInfo, WriteOptions

KINDS = frozenset(
    {
        "LocalSubjectAccessReview",
        "SelfSubjectAccessReview",
        "SelfSubjectReview",
        "SelfSubjectRulesReview",
        "SubjectAccessReview",
        "TokenReview",
    }
)
# What a request may not set. Source: apiserver/pkg/registry/rest/meta.go (WipeObjectMetaSystemFields)
_WIPED = ("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "uid")
# metav1.ObjectMeta and OwnerReference as Go has them.
_OWNER = ("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion")
_METADATA = ("name", "generateName", "namespace", "resourceVersion", "generation", "labels", "annotations")


class Reviews:
    def __init__(self, core: Core, authorizer: Authorizer, tokens: Tokens) -> None:
        self._core = core
        self._authorizer = authorizer
        self._tokens = tokens

    def answer(
        self, kind: Kind, user: UserInfo, namespace: str, body: Any, options: WriteOptions, manager: str, warn: Warn
    ) -> Object:
        """Raises: BadRequest, Invalid."""
        core = self._core
        obj = core.decode(kind, body, options.field_validation, warn)
        core.set_namespace(kind, obj["metadata"], namespace)
        kind.default(obj)
        for name in _WIPED:
            obj["metadata"].pop(name, None)
        name = kind.gvk.kind
        if name == "SelfSubjectReview":
            return {**obj, "metadata": {"creationTimestamp": core.now_text()}, "status": {"userInfo": users.wire(user)}}
        if name == "SelfSubjectRulesReview":
            return self._rules(obj, user)
        if name == "TokenReview":
            return self._token(obj)
        if complaints := self._complaints(kind, obj, manager):
            raise errors.invalid(GroupVersionKind(kind.gvk.group, kind.gvk.version, ""), "", complaints)
        return {**obj, "status": self._access(name, obj["spec"], user)}

    def _access(self, name: str, spec: Object, user: UserInfo) -> Object:
        if name != "SelfSubjectAccessReview":
            extra = {key: tuple(values or ()) for key, values in (spec.get("extra") or {}).items()}
            user = UserInfo(spec.get("user", ""), tuple(spec.get("groups") or ()), spec.get("uid", ""), extra)
        asked = spec.get("resourceAttributes")
        if asked is None:
            paths = spec["nonResourceAttributes"]
            decision = self._authorizer.decide(Attributes(user, paths.get("verb", ""), path=paths.get("path", "")))
        else:
            fields = ("namespace", "group", "resource", "subresource", "name")
            named = {each: asked.get(each, "") for each in fields}
            decision = self._authorizer.decide(Attributes(user, asked.get("verb", ""), **named))
        status: Object = {"allowed": decision.is_allowed}
        if decision.reason:
            status["reason"] = decision.reason
        if asked is not None and (problems := _unread(asked)):
            status["evaluationError"] = "; ".join(problems)
        return status

    def _rules(self, obj: Object, user: UserInfo) -> Object:
        namespace = (obj.get("spec") or {}).get("namespace", "")
        if not namespace:
            raise errors.bad_request("no namespace on request")
        rules, missing = self._authorizer.rules(user, namespace)
        shape = (("resourceRules", "resources"), ("nonResourceRules", "nonResourceURLs"))
        parts = {"resources": ("verbs", "apiGroups", "resources", "resourceNames")}
        status: Object = {
            name: [
                {each: rule[each] for each in parts.get(has, ("verbs", has)) if rule.get(each)}
                for rule in rules
                if rule.get(has)
            ]
            for name, has in shape
        }
        status["incomplete"] = False
        if missing:
            status["evaluationError"] = aggregate(missing)
        return {"kind": obj["kind"], "apiVersion": obj["apiVersion"], "metadata": {}, "spec": {}, "status": status}

    def _token(self, obj: Object) -> Object:
        spec = obj["spec"]
        if not spec.get("token"):
            raise errors.bad_request("token is required for TokenReview in authentication")
        status = {key: each for key, each in (obj.get("status") or {}).items() if key != "authenticated"}
        try:
            known = self._tokens.known(spec["token"], spec.get("audiences") or [])
        except TokenError as problem:
            return {**obj, "status": {**status, "error": str(problem)}}
        status |= {"user": users.wire(known.user), "audiences": known.audiences}
        return {**obj, "status": {"authenticated": True, **status}}

    def _complaints(self, kind: Kind, obj: Object, manager: str) -> Errors:
        spec, name = obj.get("spec") or {}, kind.gvk.kind
        found: Errors = []
        paths, resource = spec.get("nonResourceAttributes"), spec.get("resourceAttributes")
        shown = _shown(paths)
        if paths is not None and resource is not None:
            words = "cannot be specified in combination with resourceAttributes"
            found.append(field.invalid_as("spec.nonResourceAttributes", shown, words))
        if paths is None and resource is None:
            words = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
            found.append(field.invalid_as("spec.resourceAttributes", "null", words))
        if name != "SelfSubjectAccessReview" and not spec.get("user") and not spec.get("groups"):
            found.append(field.invalid("spec.user", "", "at least one of user or group must be specified"))
        if resource is not None:
            for part, requirement in (("fieldSelector", _field_requirement), ("labelSelector", _label_requirement)):
                found += _selector(resource.get(part), f"spec.resourceAttributes.{part}", requirement)
        is_local = name == "LocalSubjectAccessReview"
        given = obj["metadata"]
        if any(value for key, value in given.items() if key != "namespace" or not is_local):
            words = "must be empty except for namespace" if is_local else "must be empty"
            found.append(field.invalid_as("metadata", self._metadata(kind, obj, manager), words))
        if is_local and resource is not None and resource.get("namespace", "") != given.get("namespace", ""):
            at = "spec.resourceAttributes.namespace"
            found.append(field.invalid(at, resource.get("namespace", ""), "must match metadata.namespace"))
        if is_local and paths is not None:
            found.append(field.invalid_as("spec.nonResourceAttributes", shown, "disallowed on this kind of request"))
        return found

    def _metadata(self, kind: Kind, obj: Object, manager: str) -> str:
        """The metadata as Go prints it, with who manages what: these kinds have no status of their own to reset."""
        schema, now = self._core.catalogue.schema_of(kind.gvk), self._core.now_text()
        owners = managed_fields.update(None, obj, schema, [], manager=manager, time=now, subresource="review")
        for entry in owners:
            del entry["subresource"]
        given = obj["metadata"]
        parts = {name: given[name] for name in _METADATA if given.get(name)}
        for name in ("labels", "annotations"):
            if name in parts:
                parts[name] = dict(sorted(parts[name].items()))
        if references := given.get("ownerReferences"):
            parts["ownerReferences"] = [{name: each[name] for name in _OWNER if name in each} for each in references]
        if finalizers := given.get("finalizers"):
            parts["finalizers"] = finalizers
        return go_json.as_given({**parts, "managedFields": owners})


def _shown(paths: Object | None) -> str:
    paths = paths or {}
    return go_json.as_given({"Path": paths.get("path", ""), "Verb": paths.get("verb", "")})


def _selector(selector: Object | None, path: str, requirement: Any) -> Errors:
    if selector is None:
        return []
    raw, several = selector.get("rawSelector", ""), selector.get("requirements") or ()
    found: Errors = []
    if raw and several:
        words = "may not specified at the same time as requirements"
        found.append(field.invalid(f"{path}.rawSelector", raw, words))
    if not raw and not several:
        words = f"when {path} is specified, requirements or rawSelector is required"
        found.append(field.required(f"{path}.requirements", words))
    for position, each in enumerate(several):
        found += requirement(each, f"{path}.requirements[{position}]")
    return found


def _label_requirement(requirement: Object, path: str) -> Errors:
    return metadata.requirement_of(requirement, path, takes_unknown=True)


def _field_requirement(requirement: Object, path: str) -> Errors:
    found = [] if requirement.get("key") else [field.required(f"{path}.key", "must be specified")]
    # Of labels' rules those about the number of values.
    plain = {"key": "key", **{part: requirement[part] for part in ("operator",) if part in requirement}}
    plain["values"] = ["value"] * len(requirement.get("values") or ())
    return found + metadata.requirement_of(plain, path, takes_unknown=True)


def _unread(asked: Object) -> list[str]:
    """Selectors that cannot be read narrow nothing. Source: pkg/registry/authorization/util/helpers.go"""
    found = []
    for part, reads in (("fieldSelector", _reads_field), ("labelSelector", _reads_label)):
        selector = asked.get(part) or {}
        each = [reads(requirement) for requirement in selector.get("requirements") or ()]
        if not each and selector.get("rawSelector"):
            each = [_parses(part, selector["rawSelector"])]
        if not all(each):
            partially = "partially ignored" if any(each) else "ignored"
            found.append(f"spec.resourceAttributes.{part} {partially} due to parse error")
    return found


def _reads_field(requirement: Object) -> bool:
    return requirement.get("operator") in ("In", "NotIn") and len(requirement.get("values") or ()) == 1


def _reads_label(requirement: Object) -> bool:
    return requirement.get("operator") in ("In", "NotIn", "Exists", "DoesNotExist")


def _parses(part: str, raw: str) -> bool:
    try:
        (selectors.parse_fields if part == "fieldSelector" else selectors.parse)(raw)
    except selectors.SelectorError:
        return False
    return True
