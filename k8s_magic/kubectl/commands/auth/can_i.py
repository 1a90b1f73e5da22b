"""`kubectl auth can-i`: what the server answers to a SelfSubjectAccessReview, or to a SelfSubjectRulesReview.

Source: kubectl/pkg/cmd/auth/cani.go
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8s_magic.kinds.role import describe as roles
from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.mapper import Mapper
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import tabwriter

GROUP = "authorization.k8s.io"
ACCESS = GroupVersionResource(GROUP, "v1", "selfsubjectaccessreviews")
RULES = GroupVersionResource(GROUP, "v1", "selfsubjectrulesreviews")
CHANGES = ("create", "update", "patch", "delete", "deletecollection")
RIGHTS = ("use", "bind", "impersonate", "approve", "sign", "escalate", "attest")
VERBS = frozenset(("get", "list", "watch", *CHANGES, *RIGHTS, "*"))
URL_VERBS = frozenset(("get", "put", "post", "head", "options", "delete", "patch", "*"))
# What the server knows and discovery does not tell.
UNTOLD = ("users", "groups")


@dataclass(frozen=True, slots=True)
class Options:
    """`asked` is the spec of the review; without one the rules are listed."""

    call: Call
    asked: dict[str, Any] | None
    warnings: tuple[str, ...] = ()


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    if call.flag("list"):
        if call.args:
            raise KubectlError("list option must be specified with no arguments")
        return Options(call, None)
    if len(call.args) != 2:
        raise KubectlError(
            "you must specify two arguments: verb resource or verb resource/resourceName.\n"
            "See 'kubectl auth can-i -h' for help and examples."
        )
    verb, what = call.args
    unknown = f"verb '{verb}' is not a known verb"
    if what.startswith("/"):
        asked: dict[str, Any] = {"nonResourceAttributes": {"path": what, "verb": verb}}
        return Options(call, asked, () if verb in URL_VERBS else (unknown,))
    word, _, name = what.partition("/")
    group, resource, warnings = _resource(word, client, call)
    if not call.flag("all-namespaces") and verb not in VERBS:
        warnings.append(unknown)
    attributes = {
        "namespace": "" if call.flag("all-namespaces") else call.namespace,
        "verb": verb,
        "group": group,
        "resource": resource,
        "subresource": call.text("subresource"),
        "name": name,
    }
    asked = {"resourceAttributes": {key: value for key, value in attributes.items() if value}}
    return Options(call, asked, tuple(warnings))


def _resource(word: str, client: Transport, call: Call) -> tuple[str, str, list[str]]:
    """The group and resource that a word means, and what is to be said of it."""
    if word == "*":
        return "", word, []
    mapping = Mapper(client).find(word.lower())
    if mapping is None:
        if word.lower() in UNTOLD:
            return "", word, []
        resource, _, group = word.lower().partition(".")
        place = f" in group '{group}'" if group else ""
        return "", word, [f"the server doesn't have a resource type '{resource}'{place}"]
    gvr = mapping.gvr
    if mapping.namespaced or call.flag("all-namespaces"):
        return gvr.group, gvr.resource, []
    place = f" in group '{gvr.group}'" if gvr.group else ""
    return gvr.group, gvr.resource, [f"resource '{gvr.resource}' is not namespace scoped{place}"]


def validate(options: Options) -> None:
    call = options.call
    if options.asked is None:
        if call.flag("quiet") or call.flag("all-namespaces") or call.text("subresource"):
            words = "list option can't be specified with neither quiet, all-namespaces nor subresource options"
            raise KubectlError(words)
        return
    if "nonResourceAttributes" in options.asked and call.text("subresource"):
        raise KubectlError("--subresource can not be used with NonResourceURL")
    if call.flag("no-headers"):
        raise KubectlError("--no-headers cannot be set without --list specified")


def run(options: Options, client: Transport, streams: Streams) -> int:
    call = options.call
    if options.asked is None:
        body = {"kind": "SelfSubjectRulesReview", "apiVersion": f"{GROUP}/v1", "spec": {"namespace": call.namespace}}
        return _list(client.create(RULES, "", body)["status"], call, streams)
    for warning in options.warnings:
        streams.err(f"Warning: {warning}\n\n")
    body = {"kind": "SelfSubjectAccessReview", "apiVersion": f"{GROUP}/v1", "spec": options.asked}
    status = client.create(ACCESS, "", body)["status"]
    is_allowed: bool = status.get("allowed", False)
    if not call.flag("quiet"):
        why = [status[part] for part in ("reason", "evaluationError") if status.get(part) and not is_allowed]
        streams.out(" - ".join(["yes" if is_allowed else "no", *why]) + "\n")
    return 0 if is_allowed else 1


def _list(status: dict[str, Any], call: Call, streams: Streams) -> int:
    if status.get("incomplete"):
        streams.err(f"Warning: the list may be incomplete: {status.get('evaluationError', '')}\n")
    rows = [] if call.flag("no-headers") else [["Resources", "Non-Resource URLs", "Resource Names", "Verbs"]]
    rules = [*(status.get("resourceRules") or ()), *(status.get("nonResourceRules") or ())]
    streams.out(tabwriter.table([*rows, *roles.rows(rules)]))
    return 0


COMMAND: Command[Options] = Command(
    name="can-i",
    short="Ask whether something is allowed",
    usage="can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        shared_flags.ALL_NAMESPACES,
        Flag("list", "bool", help="List everything that is allowed."),
        Flag("no-headers", "bool", help="Leave the headers out."),
        Flag("quiet", "bool", short="q", help="Only the exit code."),
        Flag("subresource", help="A subresource, e.g. log or scale."),
    ),
    arguments="kind",
)
