"""tar in containers: real archives, and GNU's and busybox's own words."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from runtime_rig import Machine, volume

from k8s_magic.runtime.contract import StartError, decoded, encoded

MAKE = "mkdir -p a/b/empty; printf 'hi\\n' > a/x; printf 'yo\\n' > a/b/y; "
# Each in a folder of its own, in a container and on this machine.
LINES = [
    "tar cf t.tar a && tar tf t.tar",
    "tar -c -v -f t.tar a/b a/x; tar xvf t.tar --strip-components=1; find . | sort",
    "tar --create --gzip --file=t.tgz a; mkdir out; tar -xzf t.tgz -C out; find out | sort; cat out/a/b/y",
    "cd a && tar cf - . | tar tf -",
    "tar cf - --exclude=b a | tar tf -",
    "tar cf - -C a x -C b y | tar tf -",
    "tar cf - a | tar xOf - a/x a/b",
    "tar cf t.tar a; tar tf t.tar a/x nope; echo $?",
    "tar cf - nope | wc -c",
    "tar cf t.tar a; tar xmf t.tar --no-same-permissions --no-same-owner -C nowhere; echo $?",
    "tar cf no/t.tar a; echo $?",
    "echo hello | tar xf -; echo $?",
    "tar xf - < /dev/null; echo $?",
    "tar xf nope; echo $?",
    "tar; echo $?",
    "tar cf -; echo $?",
    "tar -q; echo $?",
    "tar -cf; echo $?",
    "tar xmf; echo $?",
    "tar --nope; echo $?",
    "tar ct; echo $?",
    "tar --strip-components=x -xf t; echo $?",
]


@pytest.mark.parametrize("line", LINES)
def test_it_says_and_does_what_gnu_tar_does(line: str, tmp_path: Path) -> None:
    if (
        shutil.which("tar") is None
        or b"GNU tar" not in subprocess.run(["tar", "--version"], capture_output=True).stdout
    ):
        pytest.skip("there is no GNU tar to compare with")
    done = subprocess.run(
        ["bash", "-c", MAKE + line], cwd=tmp_path, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}
    )
    machine = Machine()
    out, err, code = machine.exec(machine.debian(), "bash", "-c", f"mkdir /w; cd /w; {MAKE}{line}")
    assert (out, err, code) == (done.stdout, done.stderr, done.returncode)


def test_busybox_has_words_of_its_own() -> None:
    machine = Machine()
    box = machine.box()
    machine.sh(box, "cd /tmp; " + MAKE)
    assert machine.sh(box, "tar cf /t.tar /tmp/a; tar tvf /t.tar tmp/a/x") == (
        "-rw-r--r-- root/root         3 2026-01-01 00:00:00 tmp/a/x\n",
        "tar: removing leading '/' from member names\n",
        0,
    )
    late = "tar: error exit delayed from previous errors\n"
    for line, words in (
        ("tar cf - /nope > /dev/null", f"tar: /nope: No such file or directory\n{late}"),
        ("tar tf /t.tar nope", f"tar: nope: not found in archive\n{late}"),
        ("tar xf /t.tar -C /nope", "tar: can't change directory to '/nope': No such file or directory\n"),
        ("tar xf /nope", "tar: can't open '/nope': No such file or directory\n"),
        ("echo hello | tar xf -", "tar: invalid tar magic\n"),
        ("tar xf - < /dev/null", "tar: short read\n"),
    ):
        assert machine.sh(box, line) == ("", words, 1)


def test_an_archive_is_a_real_one_and_carries_any_bytes() -> None:
    machine = Machine()
    box, content = machine.box(), bytes(range(256)) * 8
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo("dir/every.bin")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    assert machine.exec(box, "tar", "-xmf", "-", "-C", "/tmp", stdin=decoded(made.getvalue())) == ("", "", 0)
    out, _, _ = machine.exec(box, "tar", "cf", "-", "-C", "/tmp/dir", "every.bin")
    with tarfile.open(fileobj=io.BytesIO(encoded(out))) as archive:
        member = archive.getmember("every.bin")
        found = archive.extractfile(member)
        assert found is not None
        assert found.read() == content
        assert (member.uname, member.mode, member.mtime) == ("root", 0o644, 1767225600)
    assert machine.sh(box, "wc -c < /tmp/dir/every.bin; ls -l /tmp/dir; md5sum /tmp/dir/every.bin")[0].split() == [
        "2048", "total", "4", "-rw-r--r--", "1", "root", "root", "2048", "Jan", "1", "00:00", "every.bin",
        hashlib.md5(content).hexdigest(), "/tmp/dir/every.bin",
    ]  # fmt: skip


def test_nothing_is_written_outside_or_over_what_may_not_be() -> None:
    machine = Machine()
    box = machine.debian(mounts=(volume("/ro", {"x": "old"}, read_only=True),))
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name in ("../up", "/ro/x", "fine"):
            info = tarfile.TarInfo(name)
            info.size = 1
            archive.addfile(info, io.BytesIO(b"n"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "fine"
        archive.addfile(link)
    out, err, code = machine.exec(box, "tar", "xf", "-", "-C", "/", stdin=decoded(made.getvalue()))
    assert (out, code) == ("", 2)
    assert err == (
        "tar: ../up: Member name contains '..'\n"
        "tar: Removing leading `/' from member names\n"
        "tar: ro/x: Cannot open: Read-only file system\n"
        "tar: link: k8s-magic does not model links\n"
        "tar: Exiting with failure status due to previous errors\n"
    )
    assert machine.sh(box, "cat /ro/x /fine")[0] == "oldn"


def test_an_image_without_tools_has_none() -> None:
    machine = Machine()
    with pytest.raises(StartError, match='exec: "tar": executable file not found'):
        machine.exec(machine.start("registry.k8s.io/pause:3.10"), "tar", "cf", "-", "/etc")
