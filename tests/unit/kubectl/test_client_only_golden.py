"""What needs no cluster, against the real binary: every line of the golden files, to the byte.

generators.txt has what generators make; without_cluster.txt has mistakes, and changes to files (--local).
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from fake import FakeTransport

from k8s_magic.kubectl.main import main
from k8s_magic.kubectl.streams import MemoryFiles, Streams

GOLDEN = Path(__file__).parents[2] / "golden" / "kubectl"
_SELECTOR = "selector: {matchLabels: {a: b}}"
_TEMPLATE = "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}"
FILES = {
    "web.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: nginx, image: nginx:1.27}]}
""",
    "stateful.yaml": f"""\
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: x}}
spec: {{{_SELECTOR}, serviceName: s, {_TEMPLATE}}}
""",
    "cron.yaml": f"""\
apiVersion: batch/v1
kind: CronJob
metadata: {{name: x}}
spec: {{jobTemplate: {{spec: {{{_TEMPLATE}}}}}}}
""",
    "service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: 80}]}\n",
    "binding.yaml": """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: x}
roleRef: {kind: Role, name: a}
""",
    "game.properties": "enemies=aliens\nlives=3\n",
    "ui.properties": "color=purple\n",
    "env.txt": '# comment\nA=1\nB="two"\n\n C=x=y\n',
    "conf/one": "1",
    "conf/two.txt": "zwei\n",
}


def blocks() -> list[tuple[str, str, str, int]]:
    found = []
    texts = [(GOLDEN / name).read_text() for name in ("generators.txt", "without_cluster.txt")]
    for block in [block for text in texts for block in text.split("\n$ ")[1:]]:
        line, _, rest = block.partition("\n")
        out: list[str] = []
        err: list[str] = []
        code = 0
        for text in rest.rstrip("\n").split("\n"):
            if text.startswith("= "):
                code = int(text[2:])
            elif text.startswith("!"):
                err.append(text[1:] + "\n")
            elif text == "\\ no newline":
                out[-1] = out[-1].rstrip("\n")
            else:
                out.append(text + "\n")
        found.append((line, "".join(out), "".join(err), code))
    return found


BLOCKS = blocks()


@pytest.mark.parametrize(("line", "out", "err", "code"), BLOCKS, ids=[block[0] for block in BLOCKS])
def test_is_the_real_output(line: str, out: str, err: str, code: int) -> None:
    written: list[str] = []
    complained: list[str] = []
    streams = Streams(out=written.append, err=complained.append, files=MemoryFiles(FILES))
    assert (main(shlex.split(line), FakeTransport(), streams), "".join(complained)) == (code, err)
    assert "".join(written) == out
