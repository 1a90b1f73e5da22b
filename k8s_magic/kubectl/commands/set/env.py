"""`kubectl set env`. Source: kubectl/pkg/cmd/set/set_env.go, pkg/cmd/set/env/*.go"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.resources.query import KUBECTL_SCHEME
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing, pod_specs, recording
from k8s_magic.kubectl.writing.pod_specs import Setting
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted

_ARGUMENT = re.compile(r"^.+=.*$", re.DOTALL | re.MULTILINE)
_NOT_IN_NAME = re.compile(r"[^a-zA-Z0-9_]")


@dataclass(frozen=True, slots=True)
class Options:
    how: Setting
    arguments: tuple[str, ...]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    if call.flag("all") and call.text("selector"):
        raise KubectlError("cannot set --all and --selector at the same time")
    resources: list[str] = []
    found: list[str] = []
    for word in call.args:
        if _ARGUMENT.match(word) or word.endswith("-"):
            found.append(word)
        elif not found:
            resources.append(word)
        else:
            raise KubectlError(f"all resources must be specified before environment changes: {' '.join(call.args)}")
    return Options(pod_specs.setting(call, resources, "env updated", streams), tuple(found))


def validate(options: Options) -> None:
    call, how = options.how.call, options.how
    if how.local and how.dry_run == "server":
        raise KubectlError("cannot specify --local and --dry-run=server - did you mean --dry-run=client?")
    if not call.texts("filename") and not how.resources:
        raise KubectlError("one or more resources must be specified as <resource> <name> or <resource>/<name>")
    if call.flag("list") and call.text("output"):
        raise KubectlError("--list and --output may not be specified together")
    if call.texts("keys") and not call.text("from"):
        raise KubectlError("when specifying --keys, a configmap or secret must be provided with --from")
    if call.flag("resolve"):
        raise Unsupported("set env --resolve is not part of this simulation: use --list without it")


def run(options: Options, client: Transport, streams: Streams) -> int:
    call, how = options.how.call, options.how
    variables, removed = _parse((*call.texts("env"), *options.arguments), streams)
    if call.text("from"):
        variables += _from(call, client, streams)
    prefix = call.text("prefix")
    variables = [{**variable, "name": prefix + variable["name"]} for variable in variables]
    pattern = call.text("containers")

    def change(info: Info) -> Object:
        found = False

        def set_env(container: Object) -> Object:
            nonlocal found
            if not pod_specs.is_selected(container["name"], pattern):
                return container
            found = True
            held = container.get("env") or []
            if not call.flag("overwrite"):
                _refuse_overwriting(held, variables)
            env = _updated(held, variables, removed)
            if call.flag("list"):
                _list(info, container["name"], env, streams)
            if not env and "env" not in container:
                return container
            return {**container, "env": env} if env else {k: v for k, v in container.items() if k != "env"}

        after = pod_specs.pod_spec_changed(info, lambda spec: pod_specs.containers_changed(spec, set_env))
        if not found:
            kind = info.found["kind"]
            streams.err(f"Warning: {kind}/{info.name} does not have any containers matching {quoted(pattern)}\n")
        return after

    infos = how.infos(client, streams, ignore_resources=True)
    if call.flag("list"):
        for info in infos:
            change(info)
        return 0
    pod_specs.send_each(how, infos, change, client, streams, failure="failed to patch env update to pod template:")
    return 0


def _parse(specs: Iterable[str], streams: Streams) -> tuple[list[Object], list[str]]:
    found: list[Object] = []
    removed: list[str] = []
    named: set[str] = set()
    for spec in specs:
        if spec == "-":
            found += _read(streams.stdin)
        elif "=" in spec:
            name, _, value = spec.partition("=")
            errors = parsing.env_name_errors(name)
            if errors:
                raise KubectlError(f"{quoted(name)} is not a valid key name: {';'.join(errors)}")
            named.add(name)
            found.append(_variable(name, value))
        elif spec.endswith("-"):
            removed.append(spec[:-1])
        else:
            raise KubectlError(f"unknown environment variable: {spec}")
    if named & set(removed):
        raise KubectlError("can not both modify and remove the same environment variable in the same command")
    return found, removed


def _variable(name: str, value: str) -> Object:
    return {"name": name, "value": value} if value else {"name": name}


def _read(text: str) -> list[Object]:
    lines = [line.partition("#")[0] for line in text.splitlines()]
    pairs = [line.partition("=") for line in lines if "=" in line]
    return [_variable(name, value) for name, _, value in pairs]


def _from(call: Call, client: Transport, streams: Streams) -> list[Object]:
    query = Query(
        scheme=KUBECTL_SCHEME,
        arguments=(call.text("from"),),
        namespace=call.namespace,
        empty_selector=call.flag("all"),
        selector=call.text("selector"),
        latest=True,
        continue_on_error=True,
    )
    found: list[Object] = []
    keys = call.texts("keys")
    for info in select(query, client, streams).all():
        reference = {"Secret": "secretKeyRef", "ConfigMap": "configMapKeyRef"}.get(info.resource.gvk.kind)
        if reference is None:
            raise KubectlError("unsupported resource specified in --from")
        for key in sorted(info.found.get("data") or {}):
            if keys and key not in keys:
                continue
            name = _NOT_IN_NAME.sub("_", key).upper()
            found.append({"name": name, "valueFrom": {reference: {"name": info.name, "key": key}}})
    return found


def _refuse_overwriting(held: list[Object], variables: list[Object]) -> None:
    for variable in variables:
        same = [entry for entry in held if entry["name"] == variable["name"]]
        if same and same[0].get("value", "") != variable.get("value", ""):
            raise KubectlError(
                f"'{variable['name']}' already has a value ({same[0].get('value', '')}), and --overwrite is false"
            )


def _updated(held: list[Object], variables: list[Object], removed: list[str]) -> list[Object]:
    covered = set(removed)
    out: list[Object] = []
    for entry in held:
        if entry["name"] in covered:
            continue
        newer = [variable for variable in variables if variable["name"] == entry["name"]]
        if newer:
            covered.add(entry["name"])
        out.append(newer[0] if newer else entry)
    for variable in variables:
        if variable["name"] not in covered:
            covered.add(variable["name"])
            out.append(variable)
    return out


def _list(info: Info, container: str, env: list[Object], streams: Streams) -> None:
    streams.out(f"# {info.found['kind']} {meta.name_of(info.found)}, container {container}\n")
    for entry in env:
        source = entry.get("valueFrom")
        if source is None:
            streams.out(f"{entry['name']}={entry.get('value', '')}\n")
        else:
            streams.out(f"# {entry['name']} from {_reference(source)}\n")


def _reference(source: Object) -> str:
    """env_resolve.go GetEnvVarRefString."""
    if "configMapKeyRef" in source:
        held = source["configMapKeyRef"]
        return f"configmap {held.get('name', '')}, key {held.get('key', '')}"
    if "secretKeyRef" in source:
        held = source["secretKeyRef"]
        return f"secret {held.get('name', '')}, key {held.get('key', '')}"
    if "fieldRef" in source:
        return f"field path {source['fieldRef']['fieldPath']}"
    if "resourceFieldRef" in source:
        held = source["resourceFieldRef"]
        prefix = f"{held['containerName']}/" if held.get("containerName") else ""
        return f"resource field {prefix}{held['resource']}"
    return "invalid valueFrom"


COMMAND = Command(
    "env",
    "Set environment variables of containers",
    "env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *pod_specs.SET_FLAGS,
        recording.RECORD,
        shared_flags.SELECTOR,
        Flag("containers", default="*", short="c", help="Names of the containers; * matches any text."),
        Flag("from", help="A ConfigMap or Secret whose keys become variables."),
        Flag("prefix", help="What to put before each name."),
        Flag("env", "array", short="e", help="A variable, as NAME=value."),
        Flag("keys", "slice", help="Keys to take from --from."),
        Flag("list", "bool", help="Show the variables."),
        Flag("resolve", "bool", help="With --list: show values of references (not part of this simulation)."),
        Flag("overwrite", "bool", default=True, help="Whether a variable may get another value."),
    ),
    arguments="kind/name",
)
