"""A dialogue with a container line by line: what it prints, its own prompt, the line that is typed.

Lines are typed elsewhere (a notebook's input box, Python's `input`), where they are shown too: the echo of a
container's terminal is left out.
"""

from __future__ import annotations

from k8s_magic.kubectl.errors import CommandExit, KubectlError
from k8s_magic.kubectl.streams import NoKeyboard, Streams
from k8s_magic.machinery.protocols import Dialogue

INTERRUPT, END = "\x03", "\x04"
REDRAWN = "\x1b[J"
# Who has ended the input so often, one time after the other, is not there.
MOST_ENDS = 3
# What is sent at a time, so that who reads keeps up.
PART = 32 * 1024
NOBODY = (
    "nothing can be typed here: give the whole command, as in 'kubectl exec web -- ls /', or send the lines, as in "
    "printf 'cd /tmp\\npwd\\n' | kubectl exec -i web -- sh"
)


def hold(dialogue: Dialogue, streams: Streams, *, is_terminal: bool) -> int:
    """Until the command has ended: its exit code. Raises: ApiError, CommandExit, KubectlError, KeyboardInterrupt."""
    conversation = _Conversation(dialogue, streams, is_terminal)
    try:
        while conversation.go_on():
            pass
    finally:
        dialogue.close()
        conversation.flush()
    return dialogue.exit_code


def feed(dialogue: Dialogue, streams: Streams, text: str) -> int:
    """Send a text as the whole input."""
    for start in range(0, len(text), PART):
        dialogue.write(text[start : start + PART])
    dialogue.end()
    return hold(dialogue, streams, is_terminal=False)


class _Conversation:
    def __init__(self, dialogue: Dialogue, streams: Streams, is_terminal: bool) -> None:
        self._dialogue = dialogue
        self._streams = streams
        self._is_terminal = is_terminal
        self._held = ""  # the line that the terminal is at
        self._echo = ""  # what it will show of what was typed
        self._ends = 0
        self._has_interrupted = False

    def go_on(self) -> bool:
        """Show what comes next, or ask for a line; False at the end."""
        dialogue = self._dialogue
        try:
            dialogue.wait()
            self._show(dialogue.take())
            if dialogue.has_ended:
                return False
            wants_input = dialogue.wants_input
        except KeyboardInterrupt:
            # The first one is for the command that runs, as in a terminal; the next one for kubectl.
            if not self._is_terminal or self._has_interrupted:
                raise
            self._has_interrupted = True
            dialogue.write(INTERRUPT)
            return True
        if wants_input:
            self._has_interrupted = False
            self._type()
        return True

    def _type(self) -> None:
        dialogue, prompt = self._dialogue, self._held.rpartition("\r")[2].replace(REDRAWN, "")
        keyboard = self._streams.keyboard
        self._held = ""
        try:
            if keyboard is None:
                raise NoKeyboard
            line = keyboard.ask(prompt)
        except NoKeyboard:
            if dialogue.guesses and not prompt:
                return  # it may as well be at work
            raise KubectlError(NOBODY) from None
        if line is not None:
            self._ends = 0
            if self._is_terminal:
                line = line.replace("\t", " ")  # there is nothing to complete
                self._echo = f"{line}\n"
            dialogue.write(line + ("\r" if self._is_terminal else "\n"))
            return
        self._ends += 1
        if self._ends == MOST_ENDS:
            raise CommandExit(1, "")
        if self._is_terminal:
            dialogue.write(END)
        else:
            dialogue.end()

    def _show(self, chunks: list[tuple[str, str]]) -> None:
        for stream, text in chunks:
            if not self._is_terminal:
                (self._streams.err if stream == "stderr" else self._streams.out)(text)
                continue
            text = (self._held + text).replace("\r\n", "\n")
            if self._echo:
                same = min(len(text), len(self._echo))
                if text[:same] == self._echo[:same]:
                    text, self._echo = text[same:], self._echo[same:]
                elif not text.endswith("\r"):
                    self._echo = ""
            whole, newline, self._held = text.rpartition("\n")
            if newline:
                self._streams.out(whole + newline)

    def flush(self) -> None:
        if self._held:
            self._streams.out(self._held)
            self._held = ""
