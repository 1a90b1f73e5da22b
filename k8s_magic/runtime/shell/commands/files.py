"""ls, mkdir, rm, cp and the rest that looks after files."""

from __future__ import annotations

import re

from k8s_magic.runtime import contract
from k8s_magic.runtime.call import Call
from k8s_magic.runtime.filesystem import FileError, normal
from k8s_magic.runtime.process import Program
from k8s_magic.runtime.shell import columns, patterns, times
from k8s_magic.runtime.shell.commands.text import tool
from k8s_magic.runtime.shell.options import Options
from k8s_magic.runtime.terminal import Terminal


def _is_busybox(call: Call) -> bool:
    return call.container.version.image.base in ("busybox", "alpine")


def ls(call: Call, options: Options) -> int:
    status = 0
    files, folders = [], []
    for name in options.operands or ["."]:
        path = call.path(name)
        if not call.fs.exists(path):
            words = f"{name}: No such file or directory"
            if not _is_busybox(call):
                words = f"cannot access '{name}': No such file or directory"
            call.err(f"ls: {words}\n")
            status = 1 if _is_busybox(call) else 2
        elif call.fs.is_dir(path) and "d" not in options:
            folders.append(name)
        else:
            files.append(name)
    _list(call, options, files, "/", False)
    for index, name in enumerate(folders):
        _folder(call, options, name, bool(files or index), len(options.operands) > 1 or "R" in options)
    return status


def _folder(call: Call, options: Options, name: str, gap: bool, titled: bool) -> None:
    path = call.path(name)
    if titled:
        call.out(("\n" if gap else "") + f"{name}:\n")
    names = call.fs.names(path)
    hidden = "a" in options or "A" in options
    shown = [".", ".."] if "a" in options else []
    shown += [entry for entry in names if hidden or not entry.startswith(".")]
    if "r" in options:
        shown.reverse()
    _list(call, options, shown, path, True)
    if "R" in options:
        for entry in shown:
            if entry not in (".", "..") and call.fs.is_dir(normal(entry, path)):
                _folder(call, options, f"{name.rstrip('/')}/{entry}", True, True)


def _list(call: Call, options: Options, names: list[str], base: str, in_folder: bool) -> None:
    def full(name: str) -> str:
        return normal(name, base if in_folder else call.cwd)

    if "l" not in options:
        marks = ["/" if ("p" in options or "F" in options) and call.fs.is_dir(full(name)) else "" for name in names]
        shown = [f"{name}{mark}" for name, mark in zip(names, marks, strict=True)]
        if shown and isinstance(call.stdout, Terminal) and "1" not in options:
            width = (call.stdout.size or (0, 0))[0] or columns.WIDTH
            call.out((columns.busybox if _is_busybox(call) else columns.gnu)(shown, width))
        else:
            call.out("".join(f"{name}\n" for name in shown))
        return
    sizes = {
        name: 4096 if call.fs.is_dir(full(name)) else len(contract.encoded(call.fs.read(full(name)))) for name in names
    }
    if in_folder:
        call.out(f"total {sum((size + 4095) // 4096 * 4 for size in sizes.values())}\n")
    width = max((len(str(size)) for size in sizes.values()), default=1)
    for name in names:
        path = full(name)
        folder = call.fs.is_dir(path)
        changed = times.at(call.container, call.fs.changed.get(path, call.container.started_at))
        moment = times.strftime(changed, "%b %e %H:%M")
        if _is_busybox(call):
            call.out(
                f"{'drwxr-xr-x' if folder else '-rw-r--r--'}    {2 if folder else 1} root     root     "
                f"{sizes[name]:9d} {moment} {name}\n"
            )
        else:
            call.out(
                f"{'drwxr-xr-x' if folder else '-rw-r--r--'} {2 if folder else 1} root root "
                f"{sizes[name]:{width}d} {moment} {name}\n"
            )


def _operands(call: Call, options: Options, least: int = 1) -> bool:
    if len(options.operands) >= least:
        return True
    words = "missing operand" if not options.operands else f"missing file operand after '{options.operands[-1]}'"
    call.err(f"{call.name}: {words}\n")
    return False


def mkdir(call: Call, options: Options) -> int:
    if not _operands(call, options):
        return 1
    status = 0
    for name in options.operands:
        try:
            call.fs.make_dir(call.path(name), parents="p" in options, now=call.now)
        except FileError as error:
            verb = "can't create directory" if _is_busybox(call) else "cannot create directory"
            status = 1
            call.err(f"mkdir: {verb} '{name}': {error}\n")
    return status


def touch(call: Call, options: Options) -> int:
    if not _operands(call, options):
        return 1
    status = 0
    for name in options.operands:
        path = call.path(name)
        if call.fs.is_dir(path) or "c" in options:
            continue
        try:
            call.fs.write(path, "", append=True, now=call.now)
        except FileError as error:
            status = 1
            call.err(f"touch: {name}: {error}\n" if _is_busybox(call) else f"touch: cannot touch '{name}': {error}\n")
    return status


def rm(call: Call, options: Options) -> int:
    if not options.operands and "f" not in options:
        return int(not _operands(call, options))
    status = 0
    for name in options.operands:
        path = call.path(name)
        verb = "can't remove" if _is_busybox(call) else "cannot remove"
        if not call.fs.exists(path):
            if "f" not in options:
                call.err(f"rm: {verb} '{name}': No such file or directory\n")
                status = 1
        elif call.fs.is_dir(path) and not ("r" in options or "R" in options):
            call.err(
                f"rm: '{name}' is a directory\n"
                if _is_busybox(call)
                else f"rm: cannot remove '{name}': Is a directory\n"
            )
            status = 1
        else:
            try:
                call.fs.remove(path)
            except FileError as error:
                call.err(f"rm: {verb} '{name}': {error}\n")
                status = 1
    return status


def rmdir(call: Call, options: Options) -> int:
    status = 0
    for name in options.operands:
        path = call.path(name)
        try:
            if call.fs.names(path):
                raise FileError("Directory not empty", name)
            call.fs.remove(path)
        except FileError as error:
            call.err(f"rmdir: {'' if _is_busybox(call) else 'failed to remove '}'{name}': {error}\n")
            status = 1
    return status


def copy(call: Call, options: Options) -> int:
    """cp and mv."""
    if not _operands(call, options, 2):
        return 1
    *sources, target = options.operands
    into = call.fs.is_dir(call.path(target))
    if len(sources) > 1 and not into:
        call.err(f"{call.name}: target '{target}' is not a directory\n")
        return 1
    status = 0
    for name in sources:
        source = call.path(name)
        place = normal(name.rstrip("/").rpartition("/")[2], call.path(target)) if into else call.path(target)
        try:
            if call.fs.is_dir(source):
                if call.name == "cp" and not any(letter in options for letter in "rRa"):
                    call.err(
                        f"cp: omitting directory '{name}'\n"
                        if _is_busybox(call)
                        else f"cp: -r not specified; omitting directory '{name}'\n"
                    )
                    status = 1
                    continue
                _copy_tree(call, source, place)
            else:
                call.fs.write(place, call.fs.read(source), now=call.now)
            if call.name == "mv":
                call.fs.remove(source)
        except FileError as error:
            status = 1
            if error.path == source:
                call.err(
                    f"{call.name}: {'can' + chr(39) + 't stat' if _is_busybox(call) else 'cannot stat'} '{name}': "
                    f"{error}\n"
                )
            else:
                call.err(f"{call.name}: cannot create regular file '{target}': {error}\n")
    return status


def _copy_tree(call: Call, source: str, target: str) -> None:
    if target == source or target.startswith(source + "/"):
        raise FileError("cannot copy a directory into itself", target)
    call.fs.make_dir(target, parents=True, now=call.now)
    for name in call.fs.names(source):
        inner, place = normal(name, source), normal(name, target)
        if call.fs.is_dir(inner):
            _copy_tree(call, inner, place)
        else:
            call.fs.write(place, call.fs.read(inner), now=call.now)


def link(call: Call, options: Options) -> int:
    """Our simplification: a link is a copy."""
    if not _operands(call, options, 2):
        return 1
    source, target = options.operands[0], options.operands[1]
    base = call.path(target).rpartition("/")[0] or "/"
    path = normal(source, base if "s" in options else call.cwd)
    if call.fs.is_dir(path):
        _copy_tree(call, path, call.path(target))
    else:
        call.write(target, call.fs.read(path))
    return 0


def permit(call: Call, options: Options) -> int:
    """chmod, chown: permissions are not modelled; that the files exist is checked."""
    status = 0
    for name in options.operands[1:]:
        if not call.fs.exists(call.path(name)):
            call.err(f"{call.name}: cannot access '{name}': No such file or directory\n")
            status = 1
    return status


def stat(call: Call, options: Options) -> int:
    status = 0
    for name in options.operands:
        path = call.path(name)
        if not call.fs.exists(path):
            call.err(f"stat: cannot statx '{name}': No such file or directory\n")
            status = 1
            continue
        folder = call.fs.is_dir(path)
        size = 4096 if folder else len(contract.encoded(call.fs.read(path)))
        template = options.get("c")
        if template:
            kind = "directory" if folder else "regular file" if size else "regular empty file"
            values = {"n": name, "s": str(size), "F": kind, "a": "755" if folder else "644", "U": "root", "G": "root"}
            for letter, value in values.items():
                template = template.replace(f"%{letter}", value)
            call.out(template + "\n")
        else:
            call.out(
                f"  File: {name}\n  Size: {size:<10}\tBlocks: 8          IO Block: 4096   "
                f"{'directory' if folder else 'regular file'}\n"
            )
    return status


def basename(call: Call, options: Options) -> int:
    if not _operands(call, options):
        return 1
    name = options.operands[0].rstrip("/").rpartition("/")[2] or "/"
    suffix = options.operands[1] if len(options.operands) > 1 else ""
    call.out((name.removesuffix(suffix) if suffix and name != suffix else name) + "\n")
    return 0


def dirname(call: Call, options: Options) -> int:
    for name in options.operands:
        head, slash, _ = name.rstrip("/").rpartition("/")
        call.out((head or ("/" if slash else ".")) + "\n")
    return int(not _operands(call, options))


def real_path(call: Call, options: Options) -> int:
    for name in options.operands:
        path = call.path(name)
        if not call.fs.exists(path):
            call.err(f"{call.name}: {name}: No such file or directory\n" if call.name == "realpath" else "")
            return 1
        if call.name == "realpath" or "f" in options:
            call.out(path + "\n")
        else:
            return 1
    return 0


def mktemp(call: Call, options: Options) -> int:
    stream = call.container.world.streams.stream(f"shell/{call.container.sandbox.uid}")
    template = options.operands[0] if options.operands else "/tmp/tmp.XXXXXXXXXX"
    name = re.sub(r"X{3,}\Z", lambda found: f"{stream.getrandbits(80):020x}"[: len(found[0])], template)
    if "d" in options:
        call.fs.make_dir(call.path(name), now=call.now)
    else:
        call.write(name, "")
    call.out(name + "\n")
    return 0


def find(call: Call) -> int:
    """`find [PATH…] [-name P] [-type f|d] [-maxdepth N] [-delete]`."""
    words = call.argv[1:]
    roots = []
    while words and not words[0].startswith(("-", "(", "!")):
        roots.append(words.pop(0))
    name = kind = ""
    depth = 50
    delete = False
    while words:
        word = words.pop(0)
        if word in ("-name", "-iname", "-type", "-maxdepth") and words:
            value = words.pop(0)
            if word == "-maxdepth":
                depth = int(value) if value.isdigit() else 0
            elif word == "-type":
                kind = value
            else:
                name = value
        elif word == "-delete":
            delete = True
        elif word != "-print":
            call.err(f"find: k8s-magic's find does not know {word}\n")
            return 1
    status = 0
    for root in roots or ["."]:
        if not call.fs.exists(call.path(root)):
            call.err(
                f"find: {root}: No such file or directory\n"
                if _is_busybox(call)
                else f"find: ‘{root}’: No such file or directory\n"
            )
            status = 1
            continue
        for path in list(_walk(call, root, depth)):
            folder = call.fs.is_dir(call.path(path))
            if (kind and (kind == "d") != folder) or (name and not patterns.matches(name, path.rpartition("/")[2])):
                continue
            if delete:
                call.fs.remove(call.path(path))
            else:
                call.out(path + "\n")
    return status


def _walk(call: Call, path: str, depth: int) -> list[str]:
    found = [path]
    if depth > 0 and call.fs.is_dir(call.path(path)):
        for name in call.fs.names(call.path(path)):
            found += _walk(call, f"{path.rstrip('/')}/{name}" if path != "/" else f"/{name}", depth - 1)
    return found


def du(call: Call, options: Options) -> int:
    for name in options.operands or ["."]:
        total = 0
        for path in _walk(call, name, 50):
            full = call.path(path)
            total += 4096 if call.fs.is_dir(full) else len(contract.encoded(call.fs.read(full)))
        size = f"{max(total // 1024, 1)}" + ("K" if "h" in options else "")
        call.out(f"{size}\t{name}\n")
    return 0


def dd(call: Call) -> int:
    """`dd if=/dev/zero of=FILE bs=… count=…`: writes that many zero bytes' worth of nothing."""
    values = dict(word.partition("=")[::2] for word in call.argv[1:])
    units = {"k": 1024, "K": 1024, "M": 1 << 20, "G": 1 << 30, "": 1}
    size = re.fullmatch(r"(\d{1,9})([kKMG]?)B?", values.get("bs", "512"))
    count = values.get("count", "1")
    if not size or not count.isdigit():
        call.err("dd: invalid number\n")
        return 1
    total = int(size[1]) * units[size[2]] * int(count)
    if "of" in values:
        call.write(values["of"], "\0" * min(total, 100_000))
    call.err(f"{count}+0 records in\n{count}+0 records out\n{total} bytes copied\n")
    return 0


COMMANDS: dict[str, Program] = {
    "ls": tool("laAhd1RFptrSsin", "", ls, {"color": "n", "all": "a"}),
    "mkdir": tool("pv", "m", mkdir, {"parents": "p"}),
    "touch": tool("acm", "dtr", touch),
    "rm": tool("rRfvid", "", rm, {"recursive": "r", "force": "f"}),
    "rmdir": tool("p", "", rmdir),
    "cp": tool("rRafpvLPdn", "", copy, {"recursive": "r"}),
    "mv": tool("fvn", "", copy),
    "ln": tool("sfvn", "", link),
    "chmod": tool("RrwxXugoasvf", "", permit), "chown": tool("Rvf", "", permit), "chgrp": tool("Rvf", "", permit),
    "stat": tool("Lft", "c", stat, {"format": "c="}),
    "basename": tool("", "s", basename), "dirname": tool("", "", dirname),
    "readlink": tool("fenm", "", real_path), "realpath": tool("esm", "", real_path),
    "mktemp": tool("dqu", "p", mktemp), "find": find, "du": tool("shacdkm", "", du), "dd": dd,
}  # fmt: skip
