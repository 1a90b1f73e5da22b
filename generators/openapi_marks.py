"""Makes tests/golden/openapi.json.gz: the marks of what a real API server says in its OpenAPI documents.

    python generators/openapi_marks.py --openapi openapi-v2.json.gz --openapi-v3 openapi-v3.tar.gz

Origin: the OpenAPI documents that a real Kubernetes 1.36.2 API server served. The texts of the documentation are not
carried over: a mark is the first letters of the SHA-256 of a text, or of a schema as sorted JSON. Per type: "text" and
"fields" are the marks of the texts; a field whose text ends in enumerated values has a second mark, that of the text
without what the values mean; "v2" and "v3" are the marks of the schemas without these meanings.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from schema import load_schemas

OUT = Path(__file__).parent.parent / "tests" / "golden" / "openapi.json.gz"
ORIGIN = "recorded: the OpenAPI documents of a real v1.36.2 API server, by generators/openapi_marks.py"
POSSIBLE = "\n\nPossible enum values:\n"
VALUE = re.compile(r' - `"(?:[^"\\]|\\.)*"`')


def mark(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def bare(text: str) -> str:
    """Without what the enumerated values mean."""
    head, found, tail = text.partition(POSSIBLE)
    values = [match[0] for line in tail.split("\n") if (match := VALUE.match(line))]
    return head + found + "\n".join(values)


def without_meanings(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: bare(each) if name == "description" and isinstance(each, str) else without_meanings(each)
            for name, each in value.items()
        }
    return [without_meanings(each) for each in value] if isinstance(value, list) else value


def field_marks(text: str) -> list[str]:
    return [mark(text), mark(bare(text))] if POSSIBLE in text else [mark(text)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--openapi", type=Path, required=True)
    parser.add_argument("--openapi-v3", type=Path, required=True)
    args = parser.parse_args()
    older = json.loads(gzip.decompress(args.openapi.read_bytes()))["definitions"]
    newer = load_schemas(args.openapi_v3)
    types = {
        name: {
            "text": mark(schema.get("description", "")),
            "fields": {
                field: field_marks(each.get("description", "")) for field, each in schema.get("properties", {}).items()
            },
            "v2": mark(without_meanings(schema)),
            "v3": mark(without_meanings(newer[name])),
        }
        for name, schema in sorted(older.items())
        if name in newer
    }
    text = json.dumps({"origin": ORIGIN, "types": types}, separators=(",", ":")) + "\n"
    OUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
