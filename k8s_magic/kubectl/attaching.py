"""Attaching to a container's first process, as `attach`, `run` and `debug` do it.

Source: kubectl/pkg/cmd/attach/attach.go (Run), exec/exec.go (SetupTTY)
"""

from __future__ import annotations

from k8s_magic.kubectl import conversation, pod_choice
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport

RECORDED = (
    "All commands and output from this session will be recorded in container logs, including credentials and "
    "sensitive information passed through the command prompt.\n"
    "If you don't see a command prompt, try pressing enter.\n"
)
NO_TERMINAL = "Unable to use a TTY - input is not a terminal or the right kind of file\n"
# kubectl tells a terminal a false size and then the true one, so that a shell shows its prompt again.
SIZES = ((81, 25), (80, 24))


def attach(pod: Object, name: str, client: Transport, streams: Streams, *, stdin: bool, tty: bool, quiet: bool) -> None:
    """Until the container has ended or the person has left. Raises: ApiError, CommandExit, KeyboardInterrupt."""
    container = _container(pod, name)
    has_terminal = bool(container.get("tty"))
    if tty and not has_terminal and not quiet:
        streams.err(f"error: Unable to use a TTY - container {name} did not allocate one\n")
    is_terminal = terminal(stdin, has_terminal, quiet, streams)
    if not quiet:
        streams.err(RECORDED)
    dialogue = client.converse(meta.namespace_of(pod), meta.name_of(pod), name, None, stdin=stdin, tty=is_terminal)
    if is_terminal:
        for size in SIZES:
            dialogue.resize(*size)
    if stdin and not is_terminal and (streams.stdin or streams.keyboard is None):
        conversation.feed(dialogue, streams, streams.stdin)
    else:
        conversation.hold(dialogue, streams, is_terminal=is_terminal)
    if stdin and is_terminal and not quiet:
        streams.out(_ended(pod, name))


def terminal(stdin: bool, tty: bool, quiet: bool, streams: Streams) -> bool:
    """Whether the notebook stands for the terminal that is asked for; it does unless something is piped in."""
    if not (stdin and tty):
        return False
    if streams.stdin and not quiet:
        streams.err(NO_TERMINAL)
    return not streams.stdin


def _container(pod: Object, name: str) -> Object:
    spec = pod["spec"]
    groups = ("containers", "initContainers", "ephemeralContainers")
    return next(each for group in groups for each in spec.get(group) or () if each["name"] == name)


def _ended(pod: Object, name: str) -> str:
    words = f"'kubectl attach {meta.name_of(pod)} -c {name} -n {meta.namespace_of(pod)} -i -t'"
    if pod_choice.find_container(pod, name).startswith("spec.ephemeralContainers"):
        return (
            "Session ended, the ephemeral container will not be restarted but may be reattached using "
            f"{words} if it is still running\n"
        )
    return f"Session ended, resume using {words} command\n"
