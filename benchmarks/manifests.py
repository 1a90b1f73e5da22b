"""How much of what real kubectl and API server make of manifests ours make of them, per kind.

    python benchmarks/manifests.py [tests/contract/manifests] [--show 10] [--kind Pod] [--write OUT.jsonl]

Every file goes through `kubectl apply --dry-run=server -o yaml` in process and is compared with the recording by the
rules of `dryrun.py compare`: documents as parsed YAML without what a clock or a lot decides, refusals as text. Those
rules keep some that no two servers can share (the uid in a Job's labels, the instants in a new object's status); the
second column leaves out these few too.
`--write` keeps our answers in the recording's form, for `dryrun.py` itself.
"""

from __future__ import annotations

import argparse
import collections
import difflib
import gzip
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from k8s_magic import Cluster

MANIFESTS = Path(__file__).parents[1] / "tests" / "contract" / "manifests"
VOLATILE = {"uid", "creationTimestamp", "resourceVersion", "managedFields"}
NAMESPACE = re.compile(r"^\s*[\"']?namespace[\"']?:\s*[\"']?([a-z0-9-]+)", re.MULTILINE)
KIND = re.compile(r"^\s*kind: (\w+)$", re.MULTILINE)

UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(Z|\+00:00)?")
# The labels that tie a Job's Pods to it, and the instants of a new object's status.
SERVER_MADE = {
    "batch.kubernetes.io/controller-uid": UID,
    "controller-uid": UID,
    "lastPhaseTransitionTime": INSTANT,
    "lastTransitionTime": INSTANT,
}
# The instant of managedFields that a complaint shows.
WRITTEN_AT = re.compile(rf'"time":"{INSTANT.pattern}"')

Row = Mapping[str, Any]


def recordings(root: Path) -> tuple[list[Row], dict[str, str]]:
    """What the real thing said of each file, and the files' texts by path."""
    lines = gzip.decompress((root / "dry-run.jsonl.gz").read_bytes()).decode().splitlines()
    rows = [json.loads(line) for line in lines]
    return rows, {row["path"]: (root / row["path"]).read_text(encoding="utf-8") for row in rows}


def answers(texts: Mapping[str, str]) -> Iterable[Row]:
    """Our answer for each file, as the recording has them: path, exit, stdout, stderr."""
    cluster = Cluster(nodes=3, bare=True)
    for name in sorted({name for text in texts.values() for name in NAMESPACE.findall(text)}):
        cluster.kubectl(["create", "namespace", name])
    for path, text in texts.items():
        cluster.files = {path: text}
        done = cluster.kubectl(["apply", "--dry-run=server", "-o", "yaml", "-f", path])
        yield {"path": path, "exit": done.exit_code, "stdout": done.stdout, "stderr": done.stderr}


def scrubbed(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: scrubbed(each, name) for name, each in value.items() if name not in VOLATILE}
    if isinstance(value, list):
        return [scrubbed(each, key) for each in value]
    if key in ("clusterIP", "clusterIPs") and isinstance(value, str) and value not in ("None", ""):
        return "<ip>"
    if key in ("nodePort", "healthCheckNodePort"):
        return "<port>"
    if isinstance(value, str):
        return re.sub(r"kube-api-access-[a-z0-9]{5}", "kube-api-access-<id>", value)
    return value


def content(row: Row) -> dict[str, Any]:
    """What counts of an answer."""
    documents = [scrubbed(each) for each in yaml.load_all(row["stdout"], Loader=Loader) if each]
    text = re.sub(r"metadata\.resourceVersion: \d+", "metadata.resourceVersion: <rv>", row["stderr"]).strip()
    text = re.sub(r"\S*/(?=[^/\s\"]+\.(ya?ml|json))", "", text)
    return {"exit": row["exit"], "documents": documents, "stderr": text.splitlines()}


Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def without_lots(value: Any, key: str = "") -> Any:
    """Also without what the server drew or read off its clock and `dryrun.py` compares nevertheless."""
    if isinstance(value, dict):
        return {name: without_lots(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [without_lots(each, key) for each in value]
    pattern = SERVER_MADE.get(key)
    if pattern is not None and pattern.fullmatch(str(value)):
        return "<drawn>"
    return WRITTEN_AT.sub('"time":"<drawn>"', value) if key == "stderr" else value


def is_same(want: Row, got: Row) -> bool:
    # What is the same to the byte needs no parsing.
    same = want["exit"] == got["exit"] and want["stdout"] == got["stdout"] and want["stderr"] == got["stderr"]
    return same or content(want) == content(got)


def kinds_of(row: Row) -> set[str]:
    return (set(KIND.findall(row["stdout"])) or {"(refused)"}) - {"List"}


def difference(want: Row, got: Row) -> str:
    left, right = (yaml.safe_dump(content(row), sort_keys=True, width=160).splitlines() for row in (want, got))
    return "\n".join(list(difflib.unified_diff(left, right, "want", "got", lineterm="", n=1))[:60])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path, nargs="?", default=MANIFESTS)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--kind", default="")
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    recorded, texts = recordings(args.root)
    table: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0, 0])
    kept, same, same_but_lots = [], 0, 0
    for want, got in zip(recorded, answers(texts), strict=True):
        kept.append(json.dumps(got, ensure_ascii=False) + "\n")
        equal = is_same(want, got)
        same += equal
        alike = equal or without_lots(content(want)) == without_lots(content(got))
        same_but_lots += alike
        for kind in kinds_of(want):
            table[kind][0] += equal
            table[kind][1] += alike
            table[kind][2] += 1
        if not alike and args.show > 0 and args.kind in ("", *kinds_of(want)):
            args.show -= 1
            print(f"--- {want['path']}\n{difference(want, got)}")
    print(f"{'':34}  same   but for uids, instants   files")
    for kind, (ok, close, total) in sorted(table.items(), key=lambda item: (-item[1][2], item[0])):
        print(f"{kind:34} {ok:5}   {close:22}   {total:5}   {100 * ok / total:5.1f} %   {100 * close / total:5.1f} %")
    print(f"{same_but_lots} same but for the uids and instants that a server makes")
    print(f"manifests {same} same, {len(recorded)} total, {100 * same / len(recorded):.1f} %")
    if args.write:
        args.write.write_text("".join(kept), encoding="utf-8")
    return 0 if same >= 0.95 * len(recorded) else 1


if __name__ == "__main__":
    raise SystemExit(main())
