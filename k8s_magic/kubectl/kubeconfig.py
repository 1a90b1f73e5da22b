"""The kubeconfig as `config` commands read and change it: a dict in the file's own shape, changed in place.

Source: client-go/tools/clientcmd/api/v1/types.go, kubectl/pkg/cmd/config
"""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.streams import Streams

Config = dict[str, Any]

# List in the file -> the key of an entry's body.
BODIES = {"clusters": "cluster", "contexts": "context", "users": "user"}

# Fields in the order of their Go types, which -o json keeps.
FIELDS: dict[str, tuple[str, ...]] = {
    "clusters": (
        "server",
        "tls-server-name",
        "insecure-skip-tls-verify",
        "certificate-authority",
        "certificate-authority-data",
        "proxy-url",
        "disable-compression",
    ),
    "contexts": ("cluster", "user", "namespace"),
    "users": (
        "client-certificate",
        "client-certificate-data",
        "client-key",
        "client-key-data",
        "token",
        "tokenFile",
        "as",
        "username",
        "password",
    ),
}
_HIDDEN = {"token": "REDACTED", "password": "REDACTED"}


def path(streams: Streams) -> str:
    """What messages call the file."""
    return streams.env.get("KUBECONFIG") or "~/.kube/config"


def entries(config: Config, kind: str) -> dict[str, dict[str, Any]]:
    """Name -> body, in the file's order."""
    return {entry["name"]: entry.get(BODIES[kind]) or {} for entry in config.get(kind) or ()}


def user_of(call: Call, config: Config) -> str:
    """The user that a command line uses, "" where the file names none."""
    contexts = entries(config, "contexts")
    name = call.text("context") or config.get("current-context", "")
    user: str = call.text("user") or contexts.get(name, {}).get("user", "")
    return user


def put(config: Config, kind: str, name: str, changes: dict[str, Any]) -> bool:
    """Set fields of an entry, made where there is none; answers whether there was one. None takes a field out."""
    for entry in config.get(kind) or ():
        if entry["name"] == name:
            body = {**(entry.get(BODIES[kind]) or {}), **changes}
            entry[BODIES[kind]] = {field: value for field, value in body.items() if value is not None}
            return True
    body = {field: value for field, value in changes.items() if value is not None}
    config[kind] = [*(config.get(kind) or ()), {"name": name, BODIES[kind]: body}]
    return False


def remove(config: Config, kind: str, name: str) -> bool:
    kept = [entry for entry in config.get(kind) or () if entry["name"] != name]
    was_there = len(kept) < len(config.get(kind) or ())
    config[kind] = kept
    return was_there


def shown(config: Config, *, raw: bool = False, only: str = "") -> Config:
    """As `config view` prints it: sorted by name, secrets hidden unless `raw`; `only` one context and its own."""
    result: Config = {"kind": "Config", "apiVersion": "v1"}
    context = entries(config, "contexts").get(only, {})
    wanted = {"contexts": only, "clusters": context.get("cluster"), "users": context.get("user")}
    for kind in ("clusters", "users", "contexts"):
        found = entries(config, kind)
        names = [name for name in sorted(found) if not only or name == wanted[kind]]
        result[kind] = [{"name": name, BODIES[kind]: _body(kind, found[name], raw)} for name in names] or None
    result["current-context"] = config.get("current-context", "")
    return result


def _body(kind: str, body: dict[str, Any], raw: bool) -> dict[str, Any]:
    ordered = [field for field in FIELDS[kind] if field in body]
    ordered += [field for field in sorted(body) if field not in FIELDS[kind]]
    return {field: body[field] if raw else _masked(field, body[field]) for field in ordered}


def _masked(field: str, value: Any) -> Any:
    if field.endswith("-data"):
        return "DATA+OMITTED"
    return _HIDDEN.get(field, value)
