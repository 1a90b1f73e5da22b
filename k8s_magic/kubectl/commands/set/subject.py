"""`kubectl set subject`. Source: kubectl/pkg/cmd/set/set_subject.go"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.resources import Info
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import pod_specs, rules
from k8s_magic.kubectl.writing.pod_specs import Setting
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    how: Setting
    infos: list[Info]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    how = pod_specs.setting(call, call.args, "subjects updated", streams)
    return Options(how, how.infos(client, streams))


def validate(options: Options) -> None:
    call, how = options.how.call, options.how
    if how.local and how.dry_run == "server":
        raise KubectlError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?")
    if call.flag("all") and call.text("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    if not call.texts("user") and not call.texts("group") and not call.texts("serviceaccount"):
        raise KubectlError("you must specify at least one value of user, group or serviceaccount")
    for account in call.texts("serviceaccount"):
        parts = account.split(":")
        if len(parts) != 2 or not parts[1]:
            raise KubectlError("serviceaccount must be <namespace>:<name>")
        if not parts[0] and any(info.found["kind"] == "ClusterRoleBinding" for info in options.infos):
            raise KubectlError("serviceaccount must be <namespace>:<name>, namespace must be specified")


def _subjects(call: Call) -> list[Object]:
    found: list[Object] = [
        {"kind": kind, "apiGroup": rules.GROUP, "name": name}
        for kind, flag in (("User", "user"), ("Group", "group"))
        for name in sorted(set(call.texts(flag)))
    ]
    for account in sorted(set(call.texts("serviceaccount"))):
        namespace, _, name = account.partition(":")
        found.append({"kind": "ServiceAccount", "name": name, "namespace": namespace or call.namespace})
    return found


def run(options: Options, client: Transport, streams: Streams) -> int:
    wanted = _subjects(options.how.call)

    def change(info: Info) -> Object | None:
        if info.found["kind"] not in ("RoleBinding", "ClusterRoleBinding"):
            raise KubectlError("setting subjects is only supported for RoleBinding/ClusterRoleBinding")
        held = info.found.get("subjects") or []
        fresh = [subject for subject in wanted if subject not in held]
        return {**info.found, "subjects": [*held, *fresh]} if fresh else None

    pod_specs.send_each(
        options.how,
        options.infos,
        change,
        client,
        streams,
        failure="failed to patch subjects to rolebinding:",
    )
    return 0


COMMAND = Command(
    "subject",
    "Add users, groups or service accounts to a binding",
    (
        "subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] "
        "[--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]"
    ),
    complete=complete,
    validate=validate,
    run=run,
    flags=(*pod_specs.SET_FLAGS, shared_flags.SELECTOR, *rules.SUBJECT_FLAGS),
    arguments="kind/name",
)
