"""How much of what the real API server makes of 1,095 manifests our kinds make of them, per kind.

    python -m benchmarks.dry_run CONFORMANCE [--show 10] [--kind Pod]

Each document goes through decode, default, prepare_create and validate. What admission, allocation, storage and
kubectl add is taken off both sides; this measures the kinds alone.
"""

from __future__ import annotations

import argparse
import collections
import copy
import difflib
import json
import re
from pathlib import Path
from typing import Any

import yaml

from k8s_magic import kinds
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import GroupVersionKind
from k8s_magic.text import yaml_in

APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
SERVER_MADE = ("uid", "creationTimestamp", "resourceVersion", "managedFields")
ADMITTED_TOLERATIONS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
ADMITTED_FINALIZERS = ("kubernetes.io/pvc-protection", "kubernetes.io/pv-protection")


def documents(path: Path) -> list[dict[str, Any]]:
    found = [document.data for document in yaml_in.documents(path.read_text(encoding="utf-8"), name=path.name)]
    flat: list[dict[str, Any]] = []
    for document in found:
        if document:
            flat += document["items"] if str(document.get("kind", "")).endswith("List") else [document]
    return [pruned(document) for document in flat if isinstance(document, dict)]


def pruned(value: Any) -> Any:
    """Without nulls, as `kubectl apply` sends it."""
    if isinstance(value, dict):
        return {key: pruned(each) for key, each in value.items() if each is not None}
    return [pruned(each) for each in value] if isinstance(value, list) else value


def gvk_of(obj: dict[str, Any]) -> GroupVersionKind:
    group, _, version = obj["apiVersion"].rpartition("/")
    return GroupVersionKind(group, version, obj["kind"])


def make(document: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """The object we would store, or the refusal."""
    gvk = gvk_of(document)
    kind = kinds.by_gvk(gvk)
    if kind is None:
        return None, f'no matches for kind "{gvk.kind}" in version "{gvk.api_version}"'
    try:
        obj, strict = kinds.decode(document, gvk)
        if strict:
            words = ", ".join(strict)
            return None, (
                f'{gvk.kind} in version "{gvk.version}" cannot be handled as a {gvk.kind}: '
                f"strict decoding error: {words}"
            )
        kind.default(obj)
        obj["metadata"]["uid"] = "00000000-0000-4000-8000-000000000000"
        if kind.namespaced:
            obj["metadata"].setdefault("namespace", "default")
        else:
            obj["metadata"].pop("namespace", None)
        obj["metadata"].pop("selfLink", None)
        if "metadata" in obj:
            kind.prepare_create(obj)
        complaints = kind.validate(obj)
        if complaints:
            return None, "\0".join(dict.fromkeys(str(one) for one in complaints))
    except ApiError as error:
        return None, error.message
    return obj, ""


def scrub(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: scrub(each) for key, each in value.items()}
    if isinstance(value, list):
        return [scrub(each) for each in value]
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return "<uid>"
    return value


def bare(obj: dict[str, Any]) -> dict[str, Any]:
    """Without what admission, allocation and storage add."""
    obj = scrub(copy.deepcopy(obj))
    metadata = obj.get("metadata", {})
    for name in SERVER_MADE:
        metadata.pop(name, None)
    annotations = metadata.get("annotations") or {}
    annotations.pop(APPLIED, None)
    if not annotations:
        metadata.pop("annotations", None)
    if metadata.get("namespace") == "default":
        metadata.pop("namespace")
    finalizers = [name for name in metadata.pop("finalizers", None) or () if name not in ADMITTED_FINALIZERS]
    if finalizers:
        metadata["finalizers"] = finalizers
    if obj["kind"] == "Pod":
        _bare_pod(obj["spec"])
        obj["status"].pop("conditions", None)
    if obj["kind"] == "Node":
        taints = [one for one in obj["spec"].pop("taints", None) or () if "not-ready" not in one["key"]]
        if taints:
            obj["spec"]["taints"] = taints
    if obj["kind"] == "Service":
        _bare_service(obj["spec"])
    if obj["kind"] == "PersistentVolume":
        obj["status"].pop("lastPhaseTransitionTime", None)
    if obj["kind"] == "CustomResourceDefinition":
        obj.pop("status", None)
    if obj["kind"] == "CertificateSigningRequest":
        for name in ("username", "groups", "uid", "extra"):
            obj["spec"].pop(name, None)
    return obj


def _bare_pod(spec: dict[str, Any]) -> None:
    for name in ("serviceAccount", "serviceAccountName"):
        if spec.get(name) == "default":
            spec.pop(name)
    for name in ("priority", "preemptionPolicy"):
        spec.pop(name, None)
    spec["tolerations"] = [one for one in spec.get("tolerations") or () if one.get("key") not in ADMITTED_TOLERATIONS]
    spec["volumes"] = [one for one in spec.get("volumes") or () if not one["name"].startswith("kube-api-access-")]
    for part in ("containers", "initContainers"):
        for container in spec.get(part) or ():
            container["volumeMounts"] = [
                one
                for one in container.get("volumeMounts") or ()
                if one["mountPath"] != "/var/run/secrets/kubernetes.io/serviceaccount"
            ]


def _bare_service(spec: dict[str, Any]) -> None:
    for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"):
        spec.pop(name, None)
    for port in spec.get("ports") or ():
        port.pop("nodePort", None)


def recorded(row: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for document in yaml.load_all(row["stdout"], Loader=TextTimes):
        if document:
            found += document["items"] if document["kind"] == "List" else [document]
    return found


class TextTimes(yaml.SafeLoader):
    """Timestamps stay texts, as they are in JSON."""


TextTimes.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


NOT_OURS = ("is forbidden", "not found", "allocate", "cannot use generate name", "may not change", "no matches for")


def is_judged(stderr: str, kind: str, name: str) -> bool:
    """Whether the refusal is about this document and of the kinds' making."""
    if any(words in stderr for words in NOT_OURS) or "retrieving" in stderr or "patch" in stderr:
        return False
    return f'"{name}" is invalid' in stderr or f"as a {kind}:" in stderr


def said(stderr: str, name: str) -> list[str]:
    """The complaints in kubectl's output, without kubectl's own words."""
    found: list[str] = []
    for line in stderr.splitlines():
        if line.startswith("* "):
            found.append(line[2:])
        elif f'"{name}" is invalid: ' in line:
            rest = line.split(" is invalid: ", 1)[1]
            found += [rest] if rest else []
        elif "cannot be handled" in line:
            found.append(line.split('": ', 1)[1])
        elif found and not line.startswith("Warning"):
            found[-1] += "\n" + line
    return found


def parts_of(message: str) -> list[str]:
    return message.split("\0")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("conformance", type=Path)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--kind", default="")
    args = parser.parse_args()
    table: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    shown = 0
    for line in (args.conformance / "recordings" / "dry-run.jsonl").read_text().splitlines():
        row = json.loads(line)
        if "error parsing" in row["stderr"] or "Error in" in row["stderr"]:
            continue
        try:
            given = documents(args.conformance / "manifests" / row["path"])
        except yaml_in.YamlError:
            continue
        wanted = collections.defaultdict(list)
        for one in recorded(row):
            wanted[one["kind"], one["metadata"].get("name", "")].append(one)
        for document in given:
            if not isinstance(document, dict) or "kind" not in document or "apiVersion" not in document:
                continue
            kind = document["kind"]
            name = (document.get("metadata") or {}).get("name", "")
            mine, message = make(document)
            matching = wanted.get((kind, name))
            if matching:
                want: Any = bare(matching.pop(0))
                got: Any = bare(mine) if mine is not None else message
                same = want == got
            elif not is_judged(row["stderr"], kind, name):
                continue
            else:
                want, got = "\n".join(said(row["stderr"], name)), message or "(accepted)"
                got = "\n".join(parts_of(message)) if mine is None else "(accepted)"
                same = want == got
            table[kind][0] += same
            table[kind][1] += 1
            if not same and shown < args.show and args.kind in ("", kind):
                shown += 1
                print(f"--- {row['path']} {kind} {name}")
                left, right = (
                    (one if isinstance(one, str) else yaml.safe_dump(one, width=160)).splitlines()
                    for one in (want, got)
                )
                print("\n".join(list(difflib.unified_diff(left, right, "want", "got", lineterm="", n=1))[:40]))
    for kind, (ok, total) in sorted(table.items(), key=lambda item: -item[1][1]):
        print(f"{kind:34} {ok:5} of {total:5}  {100 * ok / total:5.1f} %")
    ok, total = (sum(pair[position] for pair in table.values()) for position in (0, 1))
    print(f"documents {ok} same, {total} total, {100 * ok / total:.1f} %")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
