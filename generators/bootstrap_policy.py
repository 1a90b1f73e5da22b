"""Makes k8s_magic/apiserver/access/bootstrap_policy.json: the roles and bindings that an API server starts with.

    python generators/bootstrap_policy.py --source kubernetes

Origin: the declarations of Kubernetes 1.36.2 (plugin/pkg/auth/authorizer/rbac/bootstrappolicy), evaluated with the
feature gates' defaults. What a vendor's copy of the source adds (OpenShift's roles) is left out. The rules
of aggregated ClusterRoles are filled in as the aggregation controller fills them. Apache-2.0, The Kubernetes Authors.

The declarations are Go; what they use of it (literals, calls, appends, conditions on gates) is read here.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "k8s_magic" / "apiserver" / "access" / "bootstrap_policy.json"
POLICY = "plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
RBAC = "rbac.authorization.k8s.io"
VENDOR = re.compile(r"system:openshift:|.*:service-ca-cert-publisher$")
# Packages whose constants the declarations name, and where these stand.
CONSTANTS = {
    "": f"{POLICY}/policy.go {POLICY}/controller_policy.go",
    "user.": "staging/src/k8s.io/apiserver/pkg/authentication/user/user.go",
    "serviceaccount.": "staging/src/k8s.io/apiserver/pkg/authentication/serviceaccount/util.go",
    "capi.": "pkg/apis/certificates/types.go",
    "legacytokentracking.": "pkg/controlplane/controller/legacytokentracking/controller.go",
    "metav1.": "staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go",
}
GATES = (
    "pkg/features/kube_features.go",
    "staging/src/k8s.io/apiserver/pkg/features/kube_features.go",
    "staging/src/k8s.io/component-base/zpages/features/kube_features.go",
)
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_][\w]*|\.\.\.|:=|&&|[-+*&=.,:(){}\[\]!<>\d]')
Scope = dict[str, Any]


def tokens(text: str) -> list[str]:
    plain = re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*|`[^`]*`', lambda found: found.group(1) or "", text)
    return TOKENS.findall(plain)


def function(text: str, name: str) -> str:
    """The body of a function."""
    found = re.search(rf"^func {name}\([^\n]*\{{\n(.*?)^\}}", text, re.MULTILINE | re.DOTALL)
    assert found is not None, name
    return found.group(1)


def gates(source: Path) -> dict[str, bool]:
    """Each feature gate's default, the last that is declared."""
    found: dict[str, bool] = {}
    for path in GATES:
        text = (source / path).read_text(encoding="utf-8")
        for name, body in re.findall(r"^\t(?:\w+\.)?(\w+): \{\n(.*?)^\t\}", text, re.MULTILINE | re.DOTALL):
            defaults = re.findall(r"Default: (true|false)", body)
            if defaults:
                found[name] = defaults[-1] == "true"
    return found


class Reader:
    """Evaluates statements as it reads them; where `live` is off it only reads."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.words = tokens(text)
        self.at = 0
        self.scope = scope
        self.live = True

    def peek(self, ahead: int = 0) -> str:
        return self.words[self.at + ahead] if self.at + ahead < len(self.words) else ""

    def take(self, *wanted: str) -> str:
        word = self.peek()
        assert not wanted or word in wanted, (wanted, self.words[self.at - 8 : self.at + 4])
        self.at += 1
        return word

    def block(self) -> Any:
        """Statements up to the closing brace or the end; answers what is returned."""
        result = None
        while self.peek() not in ("", "}"):
            if self.peek() == "return":
                self.take()
                if self.peek() not in ("", "}"):
                    result = self.expression()
                while self.peek() == ",":
                    self.take()
                    self.expression()
            elif self.peek() == "if":
                self.condition()
            else:
                self.statement()
        return result

    def condition(self) -> None:
        self.take("if")
        holds = self.expression()
        while self.peek() == "&&":
            self.take()
            holds = self.expression() and holds
        self.take("{")
        before, self.live = self.live, self.live and bool(holds)
        outer = self.scope
        self.scope = Inner(outer)
        self.block()
        self.scope = outer
        self.take("}")
        self.live = before

    def statement(self) -> None:
        path = self.path()
        if self.peek() in (":=", "="):
            declares = self.take() == ":="
            value = self.expression()
            if self.live and len(path) == 1:
                (dict.__setitem__ if declares else put)(self.scope, path[0], value)
            elif self.live:
                self.scope[path[0]][path[1]] = value
        else:
            self.trailers(path)

    def path(self) -> list[str]:
        found = [self.take()]
        while self.peek() == "." and self.peek(1).isidentifier():
            self.take()
            found.append(self.take())
        return found

    def expression(self) -> Any:
        value = self.operand()
        while self.peek() == "+":
            self.take()
            value = value + self.operand()
        return value

    def operand(self) -> Any:
        word = self.peek()
        if word in ("&", "*"):
            self.take()
            return self.operand()
        if word.startswith('"'):
            return json.loads(self.take())
        if word == "func":
            while self.take() != "{":
                pass
            outer, self.scope = self.scope, Inner(self.scope)
            value = self.block()
            self.scope = outer
            self.take("}"), self.take("("), self.take(")")
            return value
        if word in ("[", "map"):
            while self.peek() != "{":
                self.take()
            return self.composite()
        if word == "{":
            return self.composite()
        path = self.path()
        if self.peek() == "{" and path[0] in ("rbacv1", "metav1"):
            return self.composite()
        return self.trailers(path)

    def composite(self) -> Any:
        self.take("{")
        keyed: dict[Any, Any] = {}
        listed: list[Any] = []
        while self.peek() != "}":
            if self.peek(1) == ":" and self.peek().isidentifier():
                key = self.take()
                self.take(":")
                keyed[key] = self.expression()
            else:
                value = self.expression()
                if self.peek() == ":":
                    self.take()
                    keyed[value] = self.expression()
                else:
                    listed.append(value)
            if self.peek() == ",":
                self.take()
        self.take("}")
        return listed or keyed or []

    def trailers(self, path: list[str]) -> Any:
        """A name with the calls, fields and slices behind it."""
        name = ".".join(path)
        value = self.scope.get(name)
        if value is None and len(path) > 1:
            value = self.scope.get(path[0])
            for field in path[1:]:
                value = value[field] if isinstance(value, dict) else getattr(value, field, None)
        while self.peek() in ("(", "."):
            if self.take() == ".":
                value = getattr(value, self.take())
                continue
            given: list[Any] = []
            while self.peek() != ")":
                each = self.expression()
                if self.peek() == "...":
                    self.take()
                    given += each
                else:
                    given.append(each)
                if self.peek() == ",":
                    self.take()
            self.take(")")
            if self.live:
                assert callable(value), name
                value = value(*given)
            else:
                value = Silent()
        return value


class Inner(dict[str, Any]):
    """The names of a block, and behind them those around it."""

    def __init__(self, outer: Scope) -> None:
        super().__init__()
        self.outer = outer

    def __missing__(self, name: str) -> Any:
        return self.outer[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else self.outer.get(name, default)


def put(scope: Scope, name: str, value: Any) -> None:
    while isinstance(scope, Inner) and name not in scope:
        scope = scope.outer
    scope[name] = value


class Silent:
    """What a call in a block that does not hold answers."""

    def __getattr__(self, name: str) -> Callable[..., Silent]:
        return lambda *given: self


class Rule:
    def __init__(self, *verbs: str) -> None:
        self.fields: dict[str, set[str]] = {"verbs": set(verbs)}

    def _more(self, field: str, values: tuple[str, ...]) -> Rule:
        self.fields.setdefault(field, set()).update(values)
        return self

    def Groups(self, *values: str) -> Rule:
        return self._more("apiGroups", values)

    def Resources(self, *values: str) -> Rule:
        return self._more("resources", values)

    def Names(self, *values: str) -> Rule:
        return self._more("resourceNames", values)

    def URLs(self, *values: str) -> Rule:
        return self._more("nonResourceURLs", values)

    def RuleOrDie(self) -> dict[str, list[str]]:
        order = ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")
        return {field: sorted(self.fields[field]) for field in order if field in self.fields}


class Binding:
    def __init__(self, name: str, namespace: str = "") -> None:
        self.object = {
            "ObjectMeta": {"Name": name},
            "RoleRef": {"APIGroup": RBAC, "Kind": "Role" if namespace else "ClusterRole", "Name": name},
            "Subjects": [],
        }

    def _more(self, subjects: list[dict[str, str]]) -> Binding:
        self.object["Subjects"] += subjects  # type: ignore[operator]
        return self

    def Users(self, *names: str) -> Binding:
        return self._more([{"kind": "User", "apiGroup": RBAC, "name": name} for name in names])

    def Groups(self, *names: str) -> Binding:
        return self._more([{"kind": "Group", "apiGroup": RBAC, "name": name} for name in names])

    def SAs(self, namespace: str, *names: str) -> Binding:
        return self._more([{"kind": "ServiceAccount", "name": name, "namespace": namespace} for name in names])

    def BindingOrDie(self) -> dict[str, Any]:
        return self.object


def wire(kind: str, declared: dict[str, Any], namespace: str = "") -> dict[str, Any]:
    """A declaration as the object that is stored."""
    meta = declared["ObjectMeta"]
    metadata: dict[str, Any] = {"name": meta.get("Name") or declared["Name"]}
    if "Name" in declared:
        metadata["name"] = declared["Name"]
    if namespace:
        metadata["namespace"] = namespace
    metadata["labels"] = {**dict(meta.get("Labels") or {}), "kubernetes.io/bootstrapping": "rbac-defaults"}
    metadata["annotations"] = {f"{RBAC}/autoupdate": "true"}
    obj: dict[str, Any] = {"kind": kind, "apiVersion": f"{RBAC}/v1", "metadata": metadata}
    if kind.endswith("Role"):
        obj["rules"] = declared.get("Rules")
        if "AggregationRule" in declared:
            chosen = declared["AggregationRule"]["ClusterRoleSelectors"]
            obj["aggregationRule"] = {"clusterRoleSelectors": [{"matchLabels": each["MatchLabels"]} for each in chosen]}
        return obj
    if declared.get("Subjects"):
        obj["subjects"] = declared["Subjects"]
    role = declared["RoleRef"]
    return {**obj, "roleRef": {"apiGroup": role["APIGroup"], "kind": role["Kind"], "name": role["Name"]}}


def aggregate(roles: list[dict[str, Any]]) -> None:
    """Source: pkg/controller/clusterroleaggregation"""
    pending = [role for role in roles if "aggregationRule" in role]
    for role in reversed(pending):  # view is part of edit, which is part of admin
        found: list[Any] = []
        for selector in role["aggregationRule"]["clusterRoleSelectors"]:
            wanted = selector["matchLabels"].items()
            for other in sorted(roles, key=lambda each: each["metadata"]["name"]):
                if wanted <= other["metadata"]["labels"].items() and other is not role:
                    found += [rule for rule in other["rules"] or () if rule not in found]
        role["rules"] = found


def objects(source: Path) -> list[dict[str, Any]]:
    scope: Scope = {}
    for prefix, paths in CONSTANTS.items():
        for path in paths.split():
            text = (source / path).read_text(encoding="utf-8")
            for name, value in re.findall(r'^\t?(?:const )?(\w+)(?: +string)? += ("[^"\n]*")$', text, re.MULTILINE):
                scope[prefix + name] = json.loads(value)
    policy, controllers, namespaces = (
        (source / POLICY / f"{name}.go").read_text(encoding="utf-8")
        for name in ("policy", "controller_policy", "namespace_policy")
    )
    for name, value in re.findall(r"^\t(\w+) +=( \[\]string\{[^}]*\})$", policy, re.MULTILINE):
        scope[name] = Reader(value, scope).expression()
    on = gates(source)
    cluster_roles: list[Any] = []
    cluster_bindings: list[Any] = []
    spaced: list[dict[str, Any]] = []

    def controller(first: Any, second: Any, role: Any) -> None:
        name = role["ObjectMeta"]["Name"]
        cluster_roles.append(role)
        cluster_bindings.append(Binding(name).SAs("kube-system", name.removeprefix("system:controller:")).object)

    def namespaced(kind: str) -> Callable[..., None]:
        return lambda namespace, declared: spaced.append(wire(kind, declared, namespace))

    helpers = "rbacv1helpers."
    scope |= {
        f"{helpers}NewRule": Rule,
        f"{helpers}NewClusterBinding": Binding,
        f"{helpers}NewRoleBinding": Binding,
        "rbacv1.GroupName": RBAC,
        "append": lambda first, *more: [*first, *more],
        "addControllerRole": controller,
        "addNamespaceRole": namespaced("Role"),
        "addNamespaceRoleBinding": namespaced("RoleBinding"),
        "addClusterRoleLabel": lambda roles: None,
        "addClusterRoleBindingLabel": lambda bindings: None,
        "utilfeature.DefaultFeatureGate.Enabled": lambda gate: on[gate],
        **{f"{package}{gate}": gate for gate in on for package in ("features.", "genericfeatures.", "zpagesfeatures.")},
    }
    for name, text in (
        ("eventsRule", controllers),
        ("viewRules", policy),
        ("editRules", policy),
        ("NodeRules", policy),
    ):
        found = Reader(function(text, name), Inner(scope)).block()
        scope[name] = lambda found=found: found
    roles = Reader(function(policy, "clusterRoles"), Inner(scope)).block()
    bindings = Reader(function(policy, "clusterRoleBindings"), Inner(scope)).block()
    Reader(function(controllers, "buildControllerRoles"), Inner(scope)).block()
    Reader(function(namespaces, "init"), Inner(scope)).block()
    made = [wire("ClusterRole", role) for role in [*roles, *cluster_roles]]
    aggregate(made)
    made += [wire("ClusterRoleBinding", binding) for binding in [*bindings, *cluster_bindings]]
    return [obj for obj in [*made, *spaced] if not VENDOR.match(obj["metadata"]["name"])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    OUT.write_text(
        "[\n" + ",\n".join(json.dumps(obj) for obj in objects(parser.parse_args().source)) + "\n]\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
