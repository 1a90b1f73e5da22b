"""KYAML as kubectl 1.36.4 prints it (`kubectl create … --dry-run=client -o kyaml`, recorded)."""

from __future__ import annotations

from k8s_magic.kubectl.printers import kyaml

RECORDED = r"""---
{
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: {
    name: "x",
  },
  data: {
    "1e3": "2",
    "null": "2",
    "t": "1",
    "y": "1",
    1.2.3: "1",
    a: "\
       multi\n\
       line text\n\
      ",
    a.b-c: "1",
    c: "",
    d: "quote \" and \\ tab	x <é>",
    e: "\
       trail \n\
      \  ing\
      ",
  },
  rules: [{
    verbs: [
      "get",
      "list",
    ],
  }, {
    limits: {},
    none: [],
    count: 3,
  }],
}
"""


def test_recorded_forms() -> None:
    data = {
        "kind": "ConfigMap",
        "apiVersion": "v1",
        "metadata": {"name": "x"},
        "data": {
            "1e3": "2",
            "null": "2",
            "t": "1",
            "y": "1",
            "1.2.3": "1",
            "a": "multi\nline text\n",
            "a.b-c": "1",
            "c": "",
            "d": 'quote " and \\ tab\tx <é>',
            "e": "trail \n  ing",
        },
        "rules": [{"verbs": ["get", "list"]}, {"limits": {}, "none": [], "count": 3}],
    }
    assert kyaml.dump(data, sort=False) == RECORDED


def test_sorted_where_the_server_made_it() -> None:
    assert kyaml.dump({"b": 1, "a": True}) == "---\n{\n  a: true,\n  b: 1,\n}\n"
