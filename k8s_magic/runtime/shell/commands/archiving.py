"""tar: real archives, made of a container's files and unpacked into them, as files or through pipes.

Our simplification: there are no links and no other owners; all files are root's, read and written by their owner.
Source: GNU tar 1.35 (create.c, extract.c, list.c), busybox 1.37 archival/tar.c
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from k8s_magic.runtime.call import Call
from k8s_magic.runtime.contract import decoded, encoded
from k8s_magic.runtime.filesystem import FileError, normal
from k8s_magic.runtime.process import OutputTooLarge, Program, Steps
from k8s_magic.runtime.shell import times
from k8s_magic.sim.time import SECOND

# What an archive may hold. A guess that keeps a mistake harmless.
LARGEST = 32 << 20
MODES = "ctx"
FLAGS = "vzmpkhoOPn"
VALUED = {"f": "file", "C": "directory"}
LONG = {
    "create": "c",
    "list": "t",
    "extract": "x",
    "get": "x",
    "verbose": "v",
    "gzip": "z",
    "touch": "m",
    "to-stdout": "O",
}
LONG_FLAGS = {
    "no-same-permissions", "no-same-owner", "same-permissions", "same-owner", "preserve-permissions", "absolute-names",
    "overwrite", "numeric-owner",
}  # fmt: skip
BAD_OPTION = 64
NOT_SO = "Exiting with failure status due to previous errors"


class _Usage(Exception):
    """A command line that tar does not take; `str()` follows its name."""

    def __init__(self, words: str, code: int = 2) -> None:
        super().__init__(words)
        self.code = code


@dataclass(slots=True)
class _Wanted:
    mode: str = ""
    archive: str = "-"
    flags: set[str] = field(default_factory=set)
    strip: int = 0
    exclude: list[str] = field(default_factory=list)
    # (folder to be in, name) in order; a folder that is changed to without a name has the name "".
    names: list[tuple[str, str]] = field(default_factory=list)


def tar(call: Call) -> Steps:
    try:
        wanted = _read(call.argv[1:])
    except _Usage as error:
        if _is_busybox(call):
            call.err(f"tar: {error}\n")
            return 1
        call.err(f"tar: {error}\nTry 'tar --help' or 'tar --usage' for more information.\n")
        return error.code
    return (yield from _Tar(call, wanted).run())


def _read(words: list[str]) -> _Wanted:
    """`tar cf - DIR`, `tar -xmf - -C DIR`, `tar --create --file=-`. Raises: _Usage."""
    wanted, folder, queue = _Wanted(), "", list(words)
    if queue and not queue[0].startswith("-"):
        # The old form: letters without a dash; their values follow in their order.
        letters = queue.pop(0)
        values = {letter: queue.pop(0) for letter in letters if letter in VALUED and queue}
        folder = _letters(wanted, letters, values, folder)
    while queue:
        word = queue.pop(0)
        if word == "--":
            wanted.names += [(folder, name) for name in queue]
            break
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name in ("file", "directory", "exclude", "strip-components"):
                if not equals:
                    if not queue:
                        raise _Usage(f"option '--{name}' requires an argument", BAD_OPTION)
                    value = queue.pop(0)
                folder = _long(wanted, name, value, folder)
            elif name in LONG:
                folder = _letters(wanted, LONG[name], {}, folder)
            elif name not in LONG_FLAGS:
                raise _Usage(f"unrecognized option '{word}'", BAD_OPTION)
        elif word.startswith("-") and word != "-":
            letters = word[1:]
            for position, letter in enumerate(letters):
                if letter in VALUED:
                    value = letters[position + 1 :]
                    if not value:
                        if not queue:
                            raise _Usage(f"option requires an argument -- '{letter}'", BAD_OPTION)
                        value = queue.pop(0)
                    folder = _letters(wanted, letters[: position + 1], {letter: value}, folder)
                    break
            else:
                folder = _letters(wanted, letters, {}, folder)
        else:
            wanted.names.append((folder, word))
    if not wanted.mode:
        raise _Usage("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options")
    if folder and not wanted.names:
        wanted.names.append((folder, ""))
    return wanted


def _letters(wanted: _Wanted, letters: str, values: dict[str, str], folder: str) -> str:
    """Note options by their letters; the folder that names after them are in."""
    for letter in letters:
        if letter in MODES:
            if wanted.mode not in ("", letter):
                raise _Usage("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option")
            wanted.mode = letter
        elif letter in VALUED:
            if letter not in values:
                raise _Usage(f"Old option '{letter}' requires an argument.")
            folder = _long(wanted, VALUED[letter], values[letter], folder)
        elif letter in FLAGS:
            wanted.flags.add(letter)
        elif letter in "jJ":
            raise _Usage("k8s-magic models gzip only, not this compression")
        else:
            raise _Usage(f"invalid option -- '{letter}'", BAD_OPTION)
    return folder


def _long(wanted: _Wanted, name: str, value: str, folder: str) -> str:
    if name == "file":
        wanted.archive = value
    elif name == "exclude":
        wanted.exclude.append(value)
    elif name == "directory":
        return f"{folder}/{value}" if folder and not value.startswith("/") else value
    elif not value.isdigit():
        raise _Usage(f"{value}: Invalid number of elements")
    else:
        wanted.strip = int(value)
    return folder


def _is_busybox(call: Call) -> bool:
    return call.container.version.image.base in ("busybox", "alpine")


class _Tar:
    def __init__(self, call: Call, wanted: _Wanted) -> None:
        self._call = call
        self._wanted = wanted
        self._is_busybox = _is_busybox(call)
        self._has_failed = False
        self._has_told = False  # that names lose their beginning

    def run(self) -> Steps:
        # GNU tar goes there when it has seen the archive.
        if (self._is_busybox or self._wanted.mode == "c") and (code := self._in_folders()):
            return code
        if self._wanted.mode == "c":
            if all(not name for _, name in self._wanted.names):
                more = "" if self._is_busybox else "Try 'tar --help' or 'tar --usage' for more information.\n"
                self._call.err(f"tar: Cowardly refusing to create an empty archive\n{more}")
                return 1 if self._is_busybox else 2
            return self._create()
        data = yield from self._input()
        if data is None:
            return 1 if self._is_busybox else 2
        return self._unpack(data)

    def _cannot_open(self, error: FileError) -> int:
        name = self._wanted.archive
        if self._is_busybox:
            self._call.err(f"tar: can't open '{name}': {error}\n")
            return 1
        self._call.err(f"tar: {name}: Cannot open: {error}\ntar: Error is not recoverable: exiting now\n")
        return 2

    def _in_folders(self) -> int:
        """0 where the folders to be in are there."""
        for folder, _ in self._wanted.names:
            if folder and not self._call.fs.is_dir(self._call.path(folder)):
                words = "No such file or directory"
                if self._is_busybox:
                    self._call.err(f"tar: can't change directory to '{folder}': {words}\n")
                    return 1
                self._call.err(f"tar: {folder}: Cannot open: {words}\ntar: Error is not recoverable: exiting now\n")
                return 2
        return 0

    # -- making one

    def _create(self) -> int:
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as archive:
            for folder, name in self._wanted.names:
                if name:
                    self._add(archive, self._call.path(folder or "."), name)
        data = made.getvalue()
        if "z" in self._wanted.flags:
            data = gzip.compress(data, mtime=0)
        if self._wanted.archive == "-":
            self._call.out(decoded(data))
        else:
            try:
                self._call.write(self._wanted.archive, decoded(data))
            except FileError as error:
                return self._cannot_open(error)
        return self._end()

    def _add(self, archive: tarfile.TarFile, base: str, name: str) -> None:
        whole = normal(name, base)
        if not self._is_busybox:
            self._stripped(name)
        if not self._call.fs.exists(whole):
            words = "No such file or directory"
            self._fail(f"{name}: {words}" if self._is_busybox else f"{name}: Cannot stat: {words}")
            return
        for path, shown in self._below(whole, name.rstrip("/") or "/"):
            is_folder = self._call.fs.is_dir(path)
            info = tarfile.TarInfo(self._stripped(shown) + ("/" if is_folder and shown != "/" else ""))
            info.uname = info.gname = "root"
            changed = times.at(self._call.container, self._call.fs.changed.get(path, self._call.container.started_at))
            info.mtime = int(changed.timestamp())
            info.mode = 0o755 if is_folder else 0o644
            info.type = tarfile.DIRTYPE if is_folder else tarfile.REGTYPE
            content = b"" if is_folder else encoded(self._call.fs.read(path))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
            if archive.offset > LARGEST:
                raise OutputTooLarge("archive too large to simulate")
            self._tell(info.name)

    def _below(self, path: str, shown: str) -> Iterator[tuple[str, str]]:
        if any(pattern in (shown, shown.rpartition("/")[2]) for pattern in self._wanted.exclude):
            return
        yield path, shown
        if self._call.fs.is_dir(path):
            for name in self._call.fs.names(path):
                yield from self._below(normal(name, path), f"{shown.rstrip('/')}/{name}")

    def _stripped(self, name: str) -> str:
        """Without what would lead outside of where it is unpacked."""
        if "P" in self._wanted.flags or not name.startswith("/"):
            return name
        if not self._has_told:
            self._has_told = True
            told = "removing leading '/' from" if self._is_busybox else "Removing leading `/' from"
            self._call.err(f"tar: {told} member names\n")
        return name.lstrip("/") or "./"

    # -- taking one apart

    def _input(self) -> Generator[int | None, None, bytes | None]:
        """The archive; None where there is none, which has been said."""
        name = self._wanted.archive
        if name == "-":
            parts: list[str] = []
            size = 0
            while text := (yield from self._call.stdin.some()):
                parts.append(text)
                size += len(text)
                if size > LARGEST:
                    raise OutputTooLarge("archive too large to simulate")
            return encoded("".join(parts))
        try:
            return encoded(self._call.read(name))
        except FileError as error:
            self._cannot_open(error)
            return None

    def _unpack(self, data: bytes) -> int:
        if data[:2] == b"\x1f\x8b":
            try:
                data = gzip.decompress(data)
            except (OSError, EOFError):
                data = b""
        wanted = [name.strip("/") for _, name in self._wanted.names if name]
        found: set[str] = set()
        try:
            with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
                if not self._is_busybox and (code := self._in_folders()):
                    return code
                for member in archive:
                    name = member.name.strip("/")
                    chosen = [one for one in wanted if name == one or name.startswith(f"{one}/")]
                    found.update(chosen)
                    if chosen or not wanted:
                        self._take(archive, member)
        except tarfile.TarError:
            if self._is_busybox:
                self._call.err("tar: invalid tar magic\n" if data else "tar: short read\n")
                return 1
            self._fail("This does not look like a tar archive")
        for name in wanted:
            if name not in found:
                self._fail(f"{name}: not found in archive" if self._is_busybox else f"{name}: Not found in archive")
        return self._end()

    def _take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        name = member.name + ("/" if member.isdir() else "")
        if self._wanted.mode == "t":
            self._call.out(f"{self._line(member, name) if 'v' in self._wanted.flags else name}\n")
            return
        if ".." in member.name.split("/"):
            self._fail(f"{name}: Member name contains '..'")
            return
        parts = self._stripped(name).strip("/").split("/")[self._wanted.strip :]
        if not parts or parts == ["."]:
            return
        self._tell(name)
        path = normal("/".join(parts), self._call.path(self._wanted.names[0][0] if self._wanted.names else "."))
        try:
            self._put(archive, member, path)
        except FileError as error:
            at = "/".join(parts)
            self._fail(f"can't open '{at}': {error}" if self._is_busybox else f"{at}: Cannot open: {error}")

    def _put(self, archive: tarfile.TarFile, member: tarfile.TarInfo, path: str) -> None:
        call = self._call
        if member.isdir():
            call.fs.make_dir(path, parents=True, now=call.now)
        elif member.isfile():
            content = archive.extractfile(member)
            text = decoded(content.read() if content is not None else b"")
            if "O" in self._wanted.flags:
                call.out(text)
                return
            call.fs.make_dir(path.rpartition("/")[0] or "/", parents=True, now=call.now)
            call.fs.write(path, text, now=call.now)
        else:
            self._fail(f"{member.name}: k8s-magic does not model links")

    def _line(self, member: tarfile.TarInfo, name: str) -> str:
        mode = ("d" if member.isdir() else "-") + "".join(
            letter if member.mode >> (8 - position) & 1 else "-" for position, letter in enumerate("rwxrwxrwx")
        )
        owner = f"{member.uname or member.uid}/{member.gname or member.gid}"
        epoch = self._call.container.world.times.epoch
        now = round((member.mtime - epoch.timestamp()) * SECOND)
        clock = "%Y-%m-%d %H:%M:%S" if self._is_busybox else "%Y-%m-%d %H:%M"
        moment = times.strftime(times.at(self._call.container, now), clock)
        return f"{mode} {owner} {member.size:>{max(18 - len(owner), 0)}} {moment} {name}"

    # -- what is said

    def _tell(self, name: str) -> None:
        if "v" in self._wanted.flags:
            is_piped = self._wanted.mode == "c" and self._wanted.archive == "-"
            (self._call.err if is_piped else self._call.out)(f"{name}\n")

    def _fail(self, words: str) -> None:
        self._has_failed = True
        self._call.err(f"tar: {words}\n")

    def _end(self) -> int:
        if not self._has_failed:
            return 0
        self._call.err("tar: error exit delayed from previous errors\n" if self._is_busybox else f"tar: {NOT_SO}\n")
        return 1 if self._is_busybox else 2


COMMANDS: dict[str, Program] = {"tar": tar}
