"""`kubectl cp` by the real kubectl and by ours, each on a cluster of the same seed: words and files are the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import side_by_side
from side_by_side import Both

pytestmark = pytest.mark.realkubectl

PODS = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: nginx}, {name: side, image: busybox, command: [sleep, infinity]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: box}
spec: {containers: [{name: box, image: busybox, command: [sleep, infinity]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: bare}
spec: {containers: [{name: bare, image: registry.k8s.io/pause:3.10}]}
---
apiVersion: v1
kind: Pod
metadata: {name: done}
spec: {restartPolicy: Never, containers: [{name: done, image: busybox, command: ["true"]}]}
"""
FILES = {
    "one.txt": b"one\n",
    "bytes.bin": bytes(range(256)) * 64,
    "dir/a.txt": "ä\n".encode(),
    "dir/deep/b.bin": b"\xff\x00\xfe",
    "dir/deep/.hidden": b"",
}
LINES = (
    "cp one.txt web:/tmp/one",
    "cp one.txt web:/tmp",
    "cp ./one.txt box:/tmp/two.txt",
    "cp bytes.bin box:/tmp",
    "cp dir web:/tmp/dir -c side",
    "cp dir/ web:/srv -c web",
    "cp --no-preserve dir/deep default/box:/tmp/deep",
    "cp one.txt web:relative",
    "cp web:/etc/nginx/conf.d/default.conf default.conf",
    "cp web:/etc/nginx/conf.d nginx -c web",
    "cp box:/tmp/bytes.bin back.bin",
    "cp box:/tmp/deep ./back/deep/",
    "cp box:tmp/deep back-too",
    "cp default/web:/tmp/dir all -c side",
    "cp box:/tmp/two.txt --retries=2 again.txt",
    "cp web:/etc/nginx/../hostname dots",
    "cp one.txt box:/nowhere/one",
    "cp nothere box:/tmp",
    "cp one.txt nothere:/tmp",
    "cp nothere:/tmp/x x",
    "cp -n nowhere one.txt box:/tmp",
    "cp one.txt box:/tmp -c nothere",
    "cp one.txt bare:/tmp",
    "cp bare:/tmp/x x",
    "cp one.txt done:/tmp",
    "cp done:/tmp/x x",
    "cp web:/etc/nginx/nginx.conf dir",
    "cp web:/etc/nginx/nginx.conf one.txt/inside",
    "cp one.txt",
    "cp one.txt two.txt",
    "cp web:/a web:/b",
    "cp one.txt box:",
    "cp :x y",
    "cp a/b/c:/x y",
)
DEFAULTED = 'Defaulted container "web" out of: web, side\n'
LOOK = "md5sum $(find /tmp /srv /relative -type f 2>/dev/null | sort)"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with side_by_side.both(tmp_path_factory.mktemp("cp"), PODS, FILES) as pair:
        for kubectl in pair:
            assert kubectl("wait --for=condition=Ready pod/web pod/box pod/bare --timeout=60s").code == 0
            assert kubectl("wait --for=jsonpath='{.status.phase}'=Succeeded pod/done --timeout=60s").code == 0
        yield pair


@pytest.mark.parametrize("line", LINES)
def test_every_copy_is_the_same(both: Both, line: str) -> None:
    real, ours = both
    assert ours(line) == real(line)
    assert ours.files() == real.files()
    for where in ("web", "web -c side", "box"):
        look = f"exec {where} -- sh -c '{LOOK}'"
        assert ours(look) == real(look)


def test_what_is_not_there_is_told(both: Both) -> None:
    """The real kubectl may have ended before it hears that tar failed."""
    real, ours = both
    words = (
        f"{DEFAULTED}tar: Removing leading `/' from member names\ntar: /nope: Cannot stat: No such file or directory\n"
    )
    _, out, _ = real("cp web:/nope nope")
    assert out.startswith(words)
    late = "tar: Exiting with failure status due to previous errors\n"
    assert ours("cp web:/nope nope") == (2, words + late, "command terminated with exit code 2\n")
