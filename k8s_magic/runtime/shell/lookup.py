"""Which program a name means in a container: the image's own, its base's tools, a script among its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8s_magic.runtime.filesystem import normal
from k8s_magic.runtime.plain import plain
from k8s_magic.runtime.shell import toolsets

if TYPE_CHECKING:
    from k8s_magic.runtime.container import SimulatedContainer
    from k8s_magic.runtime.process import Program

_FOLDERS = ("/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")


def find(container: SimulatedContainer, name: str, *, unknown: bool = True, cwd: str = "") -> Program | None:
    """None where there is no such executable. `unknown`: an image nobody modelled runs what we do not know."""
    image = container.version.image
    own = image.programs.get(name)
    if own is not None:
        return own
    folder, slash, base = name.rpartition("/")
    if not slash or folder in _FOLDERS:
        own = image.programs.get(base)
        if own is not None:
            return own
        if base in toolsets.tools_of(image):
            return toolsets.program(base)
    script = _script(container, name, cwd)
    if script is not None:
        return toolsets.script_runner(script)
    return plain if unknown and not image.modelled and name else None


def path_of(container: SimulatedContainer, name: str) -> str:
    """Where `which` finds a name; "" when nowhere."""
    image = container.version.image
    if "/" in name:
        return name if find(container, name, unknown=False) else ""
    if name in image.programs:
        return f"/usr/local/bin/{name}" if image.base == "alpine" else f"/usr/sbin/{name}"
    if name in toolsets.tools_of(image):
        return f"{'/bin' if image.base in ('busybox', 'alpine') else '/usr/bin'}/{name}"
    return _script(container, name, "") or ""


def _script(container: SimulatedContainer, name: str, cwd: str) -> str | None:
    """A file that can be run: our simplification, any file is executable."""
    fs = container.fs
    if "/" in name:
        path = normal(name, cwd or container.working_dir)
        return path if fs.is_file(path) else None
    for folder in _FOLDERS:
        if fs.is_file(f"{folder}/{name}"):
            return f"{folder}/{name}"
    return None
