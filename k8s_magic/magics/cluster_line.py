"""%cluster: the cluster itself, its time and its faults, in words.

One function a sub-command, found by its name; each gets the words that follow and prints or answers.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any

from k8s_magic.cluster import Cluster
from k8s_magic.machinery import names
from k8s_magic.magics.session import Session, show
from k8s_magic.widgets import grid_text
from k8s_magic.widgets.scene import Scene

USAGE = """usage: %cluster SUBCOMMAND

  view [-n NAMESPACE] [--filter TEXT] [--select NAME] [--language en|ja]
                           show the nodes and Pods, alive; select rings deployment/web, svc/web or app=web
  rollout [DEPLOYMENT ...] [-n NAMESPACE]
                           show how Deployments are rolled out, alive
  traffic                  show the load that %traffic sends, alive
  status                   the nodes and Pods as text, the time and the pace
  nodes                    as kubectl get nodes -o wide
  new [--nodes N] [--cpu N] [--memory SIZE] [--pods N] [--bare] [--seed N] [--manual]
                           another cluster in place of this one
  reset                    the same cluster from its beginning
  seed [N]                 tell the seed, or start again with another
  pause | play             stop time, let it go on
  step [TIME]              let time pass at once (default 1s; 500ms, 30s, 5m, 1h)
  speed [N]                tell the speed, or make simulated time run N times as fast as the clock
  fail NODE | heal NODE    cut a node off, bring it back
  serve [--port N]         answer to real programs: !kubectl, %%bash, client libraries
  unserve                  stop answering
  save [FILE] | load FILE  write the cluster's history into a file of the notebook, start from one
"""
_TIME = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|)")
_SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "h": 3600.0}


class LineError(Exception):
    """What is wrong, in one sentence."""


def run(session: Session, line: str) -> Any:
    """Raises: LineError."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise LineError(f"cannot read the line: {error}".lower()) from None
    if not words or words[0] in ("help", "-h", "--help"):
        show("stdout", USAGE)
        return None
    action = ACTIONS.get(words[0])
    if action is None:
        raise LineError(f"unknown subcommand {words[0]!r}; %cluster help lists them")
    return action(session, words[1:])


def seconds(text: str) -> float:
    found = _TIME.fullmatch(text)
    if found is None:
        raise LineError(f"{text!r} is no time; write 500ms, 30s, 5m or 1h")
    return float(found.group(1)) * _SECONDS[found.group(2)]


def _one(words: list[str], what: str) -> str:
    if len(words) != 1:
        raise LineError(f"expects {what}")
    return words[0]


def _none(words: list[str]) -> None:
    if words:
        raise LineError(f"expects nothing more than itself, not {words[0]!r}")


# What `view` takes: the words of an option and the view's own name for it.
_LOOKS = {"-n": "namespace", "--namespace": "namespace", "--language": "language", "--filter": "filter"}
_LOOKS |= {"--select": "select"}


def view(session: Session, words: list[str]) -> Any:
    looks: dict[str, str] = {}
    rest = list(words)
    while rest:
        option, has_value, value = rest.pop(0).partition("=")
        name = _LOOKS.get(option)
        if name is None or not (has_value or rest):
            raise LineError("expects -n NAMESPACE, --language en|ja, --filter TEXT and --select NAME, or nothing")
        looks[name] = value if has_value else rest.pop(0)
    if looks.get("language", "en") not in ("en", "ja"):
        raise LineError(f"speaks en and ja, not {looks['language']!r}")
    return session.views.grid(**looks)


def rollout(session: Session, words: list[str]) -> Any:
    namespace, wanted, rest = "", list[str](), list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-n", "--namespace"):
            if not rest:
                raise LineError(f"{word} needs a value")
            namespace = rest.pop(0)
        elif word.startswith("--namespace="):
            namespace = word.partition("=")[2]
        elif word.startswith("-"):
            raise LineError(f"unknown option {word!r}; %cluster help lists them")
        else:
            kind, slash, name = word.rpartition("/")
            if slash and kind not in ("deployment", "deployments", "deploy", "deployment.apps", "deployments.apps"):
                raise LineError(f"shows Deployments only, not {word!r}")
            wanted.append(name)
    return session.views.rollout(wanted, namespace)


def traffic(session: Session, words: list[str]) -> Any:
    _none(words)
    return session.views.traffic()


def status(session: Session, words: list[str]) -> None:
    _none(words)
    cluster = session.cluster
    with cluster.look():
        scene = Scene(cluster.context)
        scene.update()
        text = grid_text.render(scene)
        scene.close()
    pace = cluster.pace
    how = "moves by commands only" if pace.is_manual else "paused" if pace.is_paused else f"speed {pace.speed:g}"
    show("stdout", f"{text}time {_clock(cluster.now)}, {how}, seed {cluster.options.seed}\n")


def _clock(now: float) -> str:
    whole = int(now)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def nodes(session: Session, words: list[str]) -> Any:
    return session.run(shlex.join(["kubectl", "get", "nodes", "-o", "wide", *words]))


def _options(words: list[str], start: dict[str, Any]) -> dict[str, Any]:
    options = dict(start)
    kinds: dict[str, Callable[[str], Any]] = {"nodes": int, "cpu": str, "memory": str, "pods": int, "seed": int}
    while words:
        word = words.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in (*kinds, "bare", "manual"):
            raise LineError(f"unknown option {word!r}; %cluster help lists them")
        if name in ("bare", "manual"):
            options[name] = value != "false"
            continue
        if not equals:
            if not words:
                raise LineError(f"--{name} needs a value")
            value = words.pop(0)
        try:
            options[name] = kinds[name](value)
        except ValueError:
            raise LineError(f"--{name} must be a whole number, not {value!r}") from None
    return options


def _make(session: Session, options: dict[str, Any]) -> None:
    manual = options.pop("manual", False)
    try:
        session.use(Cluster(**options, live=not manual))
    except ValueError as error:
        raise LineError(str(error)) from None


def new(session: Session, words: list[str]) -> None:
    _make(session, _options(list(words), {}))


def reset(session: Session, words: list[str]) -> None:
    _none(words)
    _make(session, _present(session))


def _present(session: Session) -> dict[str, Any]:
    """What the current cluster was made with."""
    return {**session.cluster.options.as_json(), "manual": session.cluster.pace.is_manual}


def seed(session: Session, words: list[str]) -> None:
    if not words:
        show("stdout", f"{session.cluster.options.seed}\n")
        return
    _make(session, _options(["--seed", _one(words, "one number")], _present(session)))


def pause(session: Session, words: list[str]) -> None:
    _none(words)
    with session.cluster.look():
        session.cluster.pace.pause()


def play(session: Session, words: list[str]) -> None:
    _none(words)
    with session.cluster.look():
        session.cluster.pace.play()


def step(session: Session, words: list[str]) -> None:
    session.cluster.run(seconds(_one(words or ["1s"], "one time")))


def speed(session: Session, words: list[str]) -> None:
    if not words:
        show("stdout", f"{session.cluster.pace.speed:g}\n")
        return
    text = _one(words, "one number").removesuffix("x")
    try:
        with session.cluster.look():
            session.cluster.pace.set_speed(float(text))
    except ValueError as error:
        raise LineError(str(error) if "speed" in str(error) else f"{text!r} is no number") from None


def _fault(session: Session, words: list[str], action: str) -> None:
    node = _one(words, "the name of one node")
    try:
        getattr(session.cluster, action)(node)
    except KeyError:
        known = [obj["metadata"]["name"] for obj in session.cluster.context.informer(names.NODES).list()]
        raise LineError(f'nodes "{node}" not found; there are {", ".join(known) or "none"}') from None


def fail(session: Session, words: list[str]) -> None:
    _fault(session, words, "fail")


def heal(session: Session, words: list[str]) -> None:
    _fault(session, words, "heal")


def save(session: Session, words: list[str]) -> str | None:
    text = session.cluster.save()
    if not words:
        return text
    session.files[_one(words, "one file name")] = text
    return None


def load(session: Session, words: list[str]) -> None:
    name = _one(words, "one file name")
    text = session.files.get(name)
    if text is None:
        raise LineError(f"this notebook has no file {name!r}")
    try:
        session.use(Cluster.load(text, live=not session.cluster.pace.is_manual))
    except ValueError as error:
        raise LineError(str(error)) from None


def serve(session: Session, words: list[str]) -> None:
    options = [word.removeprefix("--port=") for word in words if word != "--port"]
    port = 0
    if words:
        if not words[0].startswith("--port") or len(options) != 1 or not options[0].isdigit():
            raise LineError("expects --port NUMBER or nothing")
        port = int(options[0])
    try:
        session.serving.start(session.cluster, port)
    except (OSError, OverflowError) as error:
        raise LineError(f"cannot listen on port {port}: {error}") from None
    http = session.serving.http
    assert http is not None
    text = (
        f"The cluster answers on {http.url}\n"
        f"in this notebook:  !kubectl get nodes   (KUBECONFIG is set)\n"
        f"in a terminal:     export KUBECONFIG={session.serving.path}\n"
        f"to stop:           %cluster unserve\n"
    )
    if session.cluster.pace.is_manual:
        text += "Its time moves by commands of this notebook only: a program that waits, waits for those.\n"
    show("stdout", text)


def unserve(session: Session, words: list[str]) -> None:
    _none(words)
    if session.serving.http is None:
        raise LineError("the cluster does not answer on a port")
    session.serving.stop()


def current(session: Session, words: list[str]) -> Cluster:
    """The cluster as a Python object."""
    _none(words)
    return session.cluster


ACTIONS: dict[str, Callable[[Session, list[str]], Any]] = {
    function.__name__: function
    for function in (
        view, rollout, traffic, status, nodes, new, reset, seed, pause, play, step, speed, fail, heal, save, load,
        serve, unserve, current,
    )
}  # fmt: skip
