"""How much of what the real API server makes of 1,095 manifests our kinds make of them, per kind.

    python benchmarks/dry_run.py CONFORMANCE [--show 10] [--kind Pod] [--write tests/golden/dry-run.jsonl.gz]

Each document goes through decode, default, prepare_create and validate. What admission, allocation, storage and
kubectl add is taken off both sides; this measures the kinds alone. `--write` keeps what was compared, for the tests.
"""

from __future__ import annotations

import argparse
import collections
import copy
import difflib
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from k8s_magic import kinds
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import GroupVersionKind
from k8s_magic.text import yaml_in

APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
SERVER_MADE = ("uid", "creationTimestamp", "resourceVersion", "managedFields")
ADMITTED_TOLERATIONS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
ADMITTED_FINALIZERS = ("kubernetes.io/pvc-protection", "kubernetes.io/pv-protection")
ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"
UID = "00000000-0000-4000-8000-000000000000"
PROVENANCE = (
    "recorded: kubectl v1.36.4 apply --dry-run=server on a real v1.36.2 control plane, one document a line with what "
    "became of it. Manifests: the Kubernetes website's examples (CC BY 4.0, The Kubernetes Authors); kubernetes, "
    "kubernetes/examples, GKE samples, microservices-demo, descheduler, network-policy-recipes (Apache-2.0); "
    "CKAD-exercises and ContainerSolutions' tutorials (MIT)"
)
# Refusals that are not of the kinds' making.
NOT_OURS = ("is forbidden", "not found", "allocate", "cannot use generate name", "may not change", "no matches for")


class Case(NamedTuple):
    """A manifest's document and what became of it: the object (bare), or the complaints."""

    path: str
    document: dict[str, Any]
    want: dict[str, Any] | list[str]


class TextTimes(yaml.SafeLoader):
    """Timestamps stay texts, as they are in JSON."""


TextTimes.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def cases(conformance: Path) -> Iterator[Case]:
    """Every document that the recordings judge."""
    for line in (conformance / "recordings" / "dry-run.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        try:
            given = documents(conformance / "manifests" / row["path"])
        except yaml_in.YamlError:
            continue
        wanted = collections.defaultdict(list)
        for one in recorded(row["stdout"]):
            wanted[one["kind"], one["metadata"].get("name", "")].append(one)
        for document in given:
            if "kind" not in document or "apiVersion" not in document:
                continue
            kind, name = document["kind"], (document.get("metadata") or {}).get("name", "")
            if wanted.get((kind, name)):
                yield Case(row["path"], document, bare(wanted[kind, name].pop(0)))
            elif is_judged(row["stderr"], kind, name):
                yield Case(row["path"], document, said(row["stderr"], name))


def documents(path: Path) -> list[dict[str, Any]]:
    found = [document.data for document in yaml_in.documents(path.read_text(encoding="utf-8"), name=path.name)]
    flat: list[Any] = []
    for document in found:
        if document:
            flat += document["items"] if str(document.get("kind", "")).endswith("List") else [document]
    return [pruned(document) for document in flat if isinstance(document, dict)]


def pruned(value: Any) -> Any:
    """Without nulls, as `kubectl apply` sends it."""
    if isinstance(value, dict):
        return {key: pruned(each) for key, each in value.items() if each is not None}
    return [pruned(each) for each in value] if isinstance(value, list) else value


def recorded(stdout: str) -> list[dict[str, Any]]:
    found = []
    for document in yaml.load_all(stdout, Loader=TextTimes):
        if document:
            found += document["items"] if document["kind"] == "List" else [document]
    return found


def is_judged(stderr: str, kind: str, name: str) -> bool:
    """Whether the refusal is about this document and of the kinds' making."""
    if any(words in stderr for words in NOT_OURS) or "retrieving" in stderr or "patch" in stderr:
        return False
    return f'"{name}" is invalid' in stderr or f"as a {kind}:" in stderr


def said(stderr: str, name: str) -> list[str]:
    """The complaints about one object in kubectl's output, without kubectl's own words."""
    found: list[str] = []
    is_open = False
    for line in stderr.splitlines():
        if f'"{name}" is invalid: ' in line:
            rest = line.split(" is invalid: ", 1)[1]
            found += [rest] if rest else []
            is_open = not rest
        elif "cannot be handled" in line:
            found.append(line.split('": ', 1)[1])
        elif is_open and line.startswith("* "):
            found.append(line[2:])
        elif is_open and found and not line.startswith("Error"):
            found[-1] += "\n" + line
    return found


def outcome(document: dict[str, Any]) -> dict[str, Any] | list[str]:
    """The object we would store (bare), or our complaints."""
    group, _, version = document["apiVersion"].rpartition("/")
    gvk = GroupVersionKind(group, version, document["kind"])
    kind = kinds.by_gvk(gvk)
    if kind is None:
        return [f'no matches for kind "{gvk.kind}" in version "{gvk.api_version}"']
    where = f'{gvk.kind} in version "{gvk.version}" cannot be handled as a {gvk.kind}'
    try:
        obj, strict = kinds.decode(document, gvk)
    except ApiError as error:
        return [error.message]
    if strict:
        return [f"{where}: strict decoding error: {', '.join(strict)}"]
    kind.default(obj)
    metadata = obj["metadata"]
    metadata["uid"] = UID
    metadata.pop("selfLink", None)
    if kind.namespaced:
        metadata.setdefault("namespace", "default")
    else:
        metadata.pop("namespace", None)
    kind.prepare_create(obj)
    if gvk.kind == "Pod":
        obj["spec"].setdefault("serviceAccountName", "default")  # admission does, before validation looks
    complaints = kind.validate(obj)
    return list(dict.fromkeys(str(one) for one in complaints)) if complaints else bare(obj)


def bare(obj: dict[str, Any]) -> dict[str, Any]:
    """Without what admission, allocation and storage add."""
    obj = _scrubbed(copy.deepcopy(obj))
    metadata = obj.get("metadata", {})
    for name in SERVER_MADE:
        metadata.pop(name, None)
    (metadata.get("annotations") or {}).pop(APPLIED, None)
    if not metadata.get("annotations"):
        metadata.pop("annotations", None)
    if metadata.get("namespace") == "default":
        metadata.pop("namespace")
    finalizers = [name for name in metadata.pop("finalizers", None) or () if name not in ADMITTED_FINALIZERS]
    if finalizers:
        metadata["finalizers"] = finalizers
    strip = STRIP.get(obj["kind"])
    if strip is not None:
        strip(obj)
    return obj


def _scrubbed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _scrubbed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_scrubbed(each) for each in value]
    is_uid = isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value)
    return "<uid>" if is_uid else value


def _pod(obj: dict[str, Any]) -> None:
    spec = obj["spec"]
    obj["status"].pop("conditions", None)
    for name in ("serviceAccount", "serviceAccountName"):
        if spec.get(name) == "default":
            spec.pop(name)
    for name in ("priority", "preemptionPolicy"):
        spec.pop(name, None)
    spec["tolerations"] = [one for one in spec.get("tolerations") or () if one.get("key") not in ADMITTED_TOLERATIONS]
    spec["volumes"] = [one for one in spec.get("volumes") or () if not one["name"].startswith("kube-api-access-")]
    for part in ("containers", "initContainers"):
        for container in spec.get(part) or ():
            mounts = container.get("volumeMounts") or ()
            container["volumeMounts"] = [one for one in mounts if one["mountPath"] != ACCOUNT_TOKEN]


def _node(obj: dict[str, Any]) -> None:
    taints = [one for one in obj["spec"].pop("taints", None) or () if "not-ready" not in one["key"]]
    if taints:
        obj["spec"]["taints"] = taints


def _service(obj: dict[str, Any]) -> None:
    spec = obj["spec"]
    for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"):
        spec.pop(name, None)
    for port in spec.get("ports") or ():
        port.pop("nodePort", None)


def _persistent_volume(obj: dict[str, Any]) -> None:
    obj["status"].pop("lastPhaseTransitionTime", None)


def _definition(obj: dict[str, Any]) -> None:
    obj.pop("status", None)


def _signing_request(obj: dict[str, Any]) -> None:
    for name in ("username", "groups", "uid", "extra"):
        obj["spec"].pop(name, None)


STRIP = {
    "Pod": _pod,
    "Node": _node,
    "Service": _service,
    "PersistentVolume": _persistent_volume,
    "CustomResourceDefinition": _definition,
    "CertificateSigningRequest": _signing_request,
}


def difference(want: Any, got: Any) -> str:
    left, right = (yaml.safe_dump(one, width=160).splitlines() for one in (want, got))
    return "\n".join(list(difflib.unified_diff(left, right, "want", "got", lineterm="", n=1))[:40])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("conformance", type=Path)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--kind", default="")
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    table: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    every = list(cases(args.conformance))
    for case in every:
        kind, got = case.document["kind"], outcome(case.document)
        table[kind][0] += got == case.want
        table[kind][1] += 1
        if got != case.want and args.show > 0 and args.kind in ("", kind):
            args.show -= 1
            print(f"--- {case.path} {kind}\n{difference(case.want, got)}")
    for kind, (ok, total) in sorted(table.items(), key=lambda item: -item[1][1]):
        print(f"{kind:34} {ok:5} of {total:5}  {100 * ok / total:5.1f} %")
    ok, total = (sum(pair[position] for pair in table.values()) for position in (0, 1))
    print(f"documents {ok} same, {total} total, {100 * ok / total:.1f} %")
    if args.write:
        lines = json.dumps(PROVENANCE) + "\n"
        lines += "".join(json.dumps(case, separators=(",", ":")) + "\n" for case in every)
        args.write.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
