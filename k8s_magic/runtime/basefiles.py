"""The files that every image of a base has, and those that the runtime puts into every container."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from k8s_magic.runtime.filesystem import FileText
from k8s_magic.runtime.shell import toolsets

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer

ALIASES: Mapping[str, Mapping[str, str]] = {
    base: {"/bin": "/usr/bin", "/sbin": "/usr/sbin"} for base in ("debian", "any")
}

_DEBIAN = """PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
"""
# What a shell that is typed to shows before each line.
_BASHRC = r"""PS1='${debian_chroot:+($debian_chroot)}\u@\h:\w\$ '
"""
_ALPINE = """NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.22.1
PRETTY_NAME="Alpine Linux v3.22"
HOME_URL="https://alpinelinux.org/"
BUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"
"""
_PASSWD = """root:x:0:0:root:/root:{shell}
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
"""
_GROUP = "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nwww-data:x:33:\nnogroup:x:65534:\n"


def _folders(names: str) -> dict[str, FileText]:
    return {f"/{name}/": "" for name in names.split()}


_COMMON = _folders("dev etc home proc root sys tmp usr var run")
_FULL = _COMMON | _folders(
    "media mnt opt srv usr/bin usr/lib usr/local/bin usr/sbin usr/share var/cache var/lib var/log var/run var/tmp"
)
_BASES: Mapping[str, Mapping[str, FileText]] = {
    "debian": {
        **_FULL, **_folders("boot lib lib64"), "/etc/os-release": _DEBIAN, "/etc/debian_version": "12.11\n",
        "/etc/bash.bashrc": _BASHRC,
        "/etc/passwd": _PASSWD.format(shell="/bin/bash"), "/etc/group": _GROUP,
    },
    "alpine": {
        **_FULL, **_folders("bin lib sbin"), "/etc/os-release": _ALPINE, "/etc/alpine-release": "3.22.1\n",
        "/etc/passwd": _PASSWD.format(shell="/bin/sh"), "/etc/group": _GROUP,
    },
    "busybox": {
        **_COMMON, **_folders("bin lib lib64 usr/sbin var/spool var/www"),
        "/etc/passwd": _PASSWD.format(shell="/bin/sh"), "/etc/group": _GROUP,
    },
    "none": {**_folders("dev etc proc sys tmp"), "/etc/passwd": "root:x:0:0:root:/root:/sbin/nologin\n"},
}  # fmt: skip


def of(container: SimulatedContainer) -> Mapping[str, FileText]:
    """The base's files, and hostname, hosts, resolv.conf and the termination log of this container."""
    sandbox = container.sandbox
    base = container.version.image.base
    files = dict(_BASES["debian" if base == "any" else base])
    files["/etc/hostname"] = f"{sandbox.hostname or sandbox.name}\n"
    files["/etc/hosts"] = lambda: _hosts(container)
    files["/etc/resolv.conf"] = lambda: _resolv(container)
    files["/proc/1/cmdline"] = lambda: "\0".join(container.argv) + "\0"
    folder = "/bin" if base in ("busybox", "alpine") else "/usr/bin"
    for name in sorted(toolsets.tools_of(container.version.image)):
        files[f"{folder}/{name}"] = ""
    working_dir = container.working_dir.rstrip("/")
    if working_dir:
        files[working_dir + "/"] = ""
    path = container.config.termination_message_path
    if path.count("/") > 2:
        files[path.rpartition("/")[0] + "/"] = ""
    return files


def _hosts(container: SimulatedContainer) -> str:
    """Source: kubelet_pods.go (managedHostsFileContent)."""
    sandbox = container.sandbox
    hostname = sandbox.hostname or sandbox.name
    if sandbox.subdomain:
        hostname = f"{hostname}.{sandbox.subdomain}.{sandbox.namespace}.svc.cluster.local\t{hostname}"
    return (
        "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
        "fe00::\tip6-localnet\nfe00::\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n"
        f"{sandbox.ip}\t{hostname}\n"
    )


def _resolv(container: SimulatedContainer) -> str:
    sandbox = container.sandbox
    search = " ".join(sandbox.search)
    lines = [f"search {search}"] if search else []
    lines.append(f"nameserver {sandbox.nameserver}")
    if search:
        lines.append("options ndots:5")
    return "\n".join(lines) + "\n"
