"""Makes k8s_magic/httpapi/generated/wire.json: the field numbers of every API type on the wire.

    python generators/wire.py --source kubernetes/staging/src/k8s.io

Origin: the struct tags of Kubernetes 1.36.2; only names, numbers and types are read. Apache-2.0, The Kubernetes
Authors.

A type is {number: [JSON name, Go type, 1 when omitted if empty]} or, for a named plain type, the text of that type.
An empty JSON name is an embedded struct, which is a message of its own on the wire and no level of its own in JSON.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

import go_types
from go_types import PACKAGES, parse_package, resolve

OUT = Path(__file__).parent.parent / "k8s_magic" / "httpapi" / "generated" / "wire.json"


def struct(body: str, imports: dict[str, str], key: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for line in body.splitlines():
        match = re.match(r"\s*(?:(\w+)\s+)?([\[\]*\w.]+)\s+`(.*)`", line)
        number = re.search(r'protobuf:"\w+,(\d+)', match[3]) if match else None
        tag = re.search(r'json:"([^"]*)"', match[3]) if match else None
        if match is None or number is None or tag is None:
            continue
        name, *options = tag[1].split(",")
        go_type = resolve(match[2], imports, key)
        is_embedded = "inline" in options or not name
        record: list[Any] = ["" if is_embedded else name, go_type]
        if "omitempty" in options or "omitzero" in options:
            record.append(1)
        found[number[1]] = record
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True)
    options = parser.parse_args()
    types: dict[str, Any] = {}
    # The structs are read by the rule above in place of the one that leaves numbers out.
    go_types._struct = struct  # type: ignore[assignment]
    for path, key in PACKAGES.items():
        for name, declared in parse_package(options.source / path, key).items():
            if isinstance(declared, go_types.GoStruct):
                declared = {}
            if declared:
                types[f"{key}.{name}"] = declared
    OUT.parent.mkdir(exist_ok=True)
    lines = [f"{json.dumps(name)}:{json.dumps(types[name], separators=(',', ':'))}" for name in sorted(types)]
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
