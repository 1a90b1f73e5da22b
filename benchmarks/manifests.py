"""How much of what real kubectl and API server make of manifests ours make of them, per kind.

    python benchmarks/manifests.py CONFORMANCE [--show 10] [--kind Pod] [--write OUT.jsonl]

Every file goes through `kubectl apply --dry-run=server -o yaml` in process and is compared with the recording by the
rules of `dryrun.py compare`: documents as parsed YAML without what a clock or a lot decides, refusals as text.
`--write` keeps our answers in the recording's form, for `dryrun.py` itself.
"""

from __future__ import annotations

import argparse
import collections
import difflib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from k8s_magic import Cluster

VOLATILE = {"uid", "creationTimestamp", "resourceVersion", "managedFields"}
NAMESPACE = re.compile(r"^\s*[\"']?namespace[\"']?:\s*[\"']?([a-z0-9-]+)", re.MULTILINE)
KIND = re.compile(r"^\s*kind: (\w+)$", re.MULTILINE)

UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Row = Mapping[str, Any]


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


def without_lots(value: Any) -> Any:
    """Also without uids in labels and instants in conditions, which `dryrun.py` compares though a lot decides them."""
    if isinstance(value, dict):
        return {key: "<time>" if key.endswith("Time") and each else without_lots(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_lots(each) for each in value]
    return UID.sub("<uid>", value) if isinstance(value, str) else value


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
    parser.add_argument("conformance", type=Path)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--kind", default="")
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    lines = (args.conformance / "recordings" / "dry-run.jsonl").read_text(encoding="utf-8").splitlines()
    recorded = [json.loads(line) for line in lines]
    texts = {row["path"]: (args.conformance / "manifests" / row["path"]).read_text("utf-8") for row in recorded}
    table: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    kept, same, same_but_lots = [], 0, 0
    for want, got in zip(recorded, answers(texts), strict=True):
        kept.append(json.dumps(got, ensure_ascii=False) + "\n")
        equal = is_same(want, got)
        same += equal
        alike = equal or without_lots(content(want)) == without_lots(content(got))
        same_but_lots += alike
        for kind in kinds_of(want):
            table[kind][0] += equal
            table[kind][1] += 1
        if not alike and args.show > 0 and args.kind in ("", *kinds_of(want)):
            args.show -= 1
            print(f"--- {want['path']}\n{difference(want, got)}")
    for kind, (ok, total) in sorted(table.items(), key=lambda item: (-item[1][1], item[0])):
        print(f"{kind:34} {ok:5} of {total:5}  {100 * ok / total:5.1f} %")
    print(f"{same_but_lots} are the same but for uids and instants")
    print(f"manifests {same} same, {len(recorded)} total, {100 * same / len(recorded):.1f} %")
    if args.write:
        args.write.write_text("".join(kept), encoding="utf-8")
    return 0 if same >= 0.95 * len(recorded) else 1


if __name__ == "__main__":
    raise SystemExit(main())
