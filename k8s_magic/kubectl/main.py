"""The one way in: words to a command, its three steps, and every failure to text and an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from k8s_magic.kubectl import errors, kubeconfig, tree
from k8s_magic.kubectl import help as help_text
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import HelpFirst, KubectlError, Raw, UsageError
from k8s_magic.kubectl.flags import FlagError, HelpWanted, Values, parse
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.protocols import Transport, UserInfo

INTERRUPTED = 130  # 128 + SIGINT, as a shell reports it

# What to do instead of a command that is not modelled.
INSTEAD = {
    "completion": ": the notebook completes with Tab",
    "edit": ": use kubectl get -o yaml and kubectl apply -f",
    "kustomize": ": build the manifests elsewhere and use -f",
}


def main(argv: Sequence[str], transport: Transport, streams: Streams) -> int:
    """Run one command line, given without the leading `kubectl`. Answers the exit code; never raises ApiError.

    KeyboardInterrupt ends the command with exit code 130.
    """
    warnings = _Warnings(streams)
    before = transport.warn
    transport.warn = warnings
    try:
        return _dispatch(list(argv), transport, streams, warnings)
    except errors.Failure as failure:
        done = _elsewhere(argv, streams) if isinstance(failure, Unsupported) and _is_own(failure) else None
        if done is not None:
            return done
        text, code = errors.render(failure)
        if text:
            streams.err(text)
        return code
    except KeyboardInterrupt:
        streams.was_interrupted = True
        return INTERRUPTED
    finally:
        transport.warn = before


def _elsewhere(words: Sequence[str], streams: Streams) -> int | None:
    return streams.elsewhere(list(words), streams) if streams.elsewhere is not None else None


def _is_own(refusal: Unsupported) -> bool:
    """Whether it is the command that is not implemented, and not what it asked of the cluster."""
    trace = refusal.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals.get("__name__", "").startswith("k8s_magic.kubectl.")


class _Warnings:
    """Prints each warning of the server once. Source: client-go/rest/warnings.go."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._seen: list[str] = []

    def __len__(self) -> int:
        return len(self._seen)

    def __call__(self, text: str) -> None:
        if text not in self._seen:
            self._seen.append(text)
            self._streams.err(f"Warning: {text}\n")


def _dispatch(words: list[str], client: Transport, streams: Streams, warnings: _Warnings) -> int:
    if words[:1] == ["help"]:
        return _help(words[1:], streams)
    found = tree.find(words)
    command = found.command
    if command is None:
        return _root(found, words, streams)
    try:
        values = parse(found.flags, found.words)
    except FlagError as error:
        done = _elsewhere(words, streams) if str(error).startswith("unknown") else None
        if done is not None:
            return done
        if command.flag_error is not None:
            raise command.flag_error(found.path, str(error)) from None
        raise KubectlError(f"{error}\nSee '{found.path} --help' for usage.") from None
    except HelpWanted:
        streams.out(help_text.command(found))
        return 0
    for notice in values.notices:
        streams.err(f"{notice}\n")
    namespace, given = _namespace(values, streams.config, strict=not found.path.startswith("kubectl config"))
    call = Call(found.path, values, namespace, given)
    missing = [f'"{name}"' for name in command.required if not values.changed(name)]
    if missing:
        raise KubectlError(f"required flag(s) {', '.join(missing)} not set")
    if command.run is None or command.complete is None:
        return _group(found, call, streams)
    client = _acting(call, client, streams)
    try:
        code = _run(command, call, client, streams)
    except HelpFirst as error:
        streams.out(help_text.command(found))
        if str(error):
            raise
        return 0
    if values["warnings-as-errors"] and warnings and not code:
        raise KubectlError(f"{len(warnings)} warning{'s' if len(warnings) > 1 else ''} received")
    return code


def _acting(call: Call, client: Transport, streams: Streams) -> Transport:
    """As whom the command line asks to be taken. Source: client-go/tools/clientcmd/validation.go (validateAuthInfo)"""
    name, groups, uid = call.text("as"), call.texts("as-group"), call.text("as-uid")
    extra: dict[str, tuple[str, ...]] = {}
    for word in call.texts("as-user-extra"):
        key, _, value = word.partition("=")
        extra[key] = (*extra.get(key, ()), value)
    if name:
        return client.acting_as(UserInfo(name, groups, uid, extra))
    if groups or uid or extra:
        user = kubeconfig.user_of(call, streams.config)
        raise KubectlError(f"requesting uid, groups or user-extra for {user} without impersonating a user")
    return client


def _run(command: Command[Any], call: Call, client: Transport, streams: Streams) -> int:
    assert command.complete is not None
    assert command.run is not None
    options = command.complete(call, client, streams)
    command.validate(options)
    return command.run(options, client, streams)


def _root(found: tree.Found, words: list[str], streams: Streams) -> int:
    """Words that name no command."""
    plain = tree.without_flags(words, found.flags)
    if plain:
        if any(plain[0] in group for _, group in tree.GROUPS):
            instead = INSTEAD.get(plain[0], "")
            raise Unsupported(f"kubectl {plain[0]} is not part of this simulation{instead}")
        if words[0].startswith("-"):
            raise Raw(f"Error: flags cannot be placed before plugin name: {words[0]}")
        text = f'unknown command "{plain[0]}" for "kubectl"'
        close = tree.suggestions(tree.ROOT, plain[0])
        if close:
            text += "\n\nDid you mean this?\n" + "".join(f"\t{name}\n" for name in close)
        raise KubectlError(text)
    try:
        parse(found.flags, words)
    except FlagError as error:
        raise KubectlError(f"{error}\nSee 'kubectl --help' for usage.") from None
    except HelpWanted:
        pass
    streams.out(help_text.root())
    return 0


def _group(found: tree.Found, call: Call, streams: Streams) -> int:
    """A group without a sub-command prints its help and fails."""
    if call.args:
        raise UsageError(found.path, f'unknown command "{" ".join(call.args)}"')
    write = streams.err if found.command is not None and found.command.help_to_stderr else streams.out
    write(help_text.command(found))
    return 1


def _help(words: list[str], streams: Streams) -> int:
    found = tree.find(words)
    if found.command is None and words and not words[0].startswith("-"):
        streams.out(f"Unknown help topic [{' '.join(f'`{word}`' for word in words)}]\n\n")
    streams.out(help_text.command(found))
    return 0


def _namespace(values: Values, config: dict[str, Any], *, strict: bool) -> tuple[str, bool]:
    """The namespace to work in and whether -n gave it. Source: client-go/tools/clientcmd/client_config.go."""
    contexts = {entry["name"]: entry.get("context") or {} for entry in config.get("contexts") or ()}
    name = values["context"] or config.get("current-context", "")
    if strict and name and name not in contexts:
        raise Raw(f"Error in configuration: context was not found for specified context: {name}")
    if values["namespace"]:
        return values["namespace"], True
    return contexts.get(name, {}).get("namespace") or "default", False
