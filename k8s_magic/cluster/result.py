"""What a command answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from k8s_magic.machinery.meta import Object


@dataclass(slots=True)
class Result:
    """Shape: `chunks` are (stream, text) in the order they came; `objects` those of the API that the command showed
    or changed, as they were when it ended."""

    chunks: list[tuple[str, str]] = field(default_factory=list)
    exit_code: int = 0
    objects: list[Object] = field(default_factory=list)
    was_shown: bool = False
    was_interrupted: bool = False  # by Ctrl-C, and not by itself with the same exit code

    @property
    def stdout(self) -> str:
        return "".join(text for stream, text in self.chunks if stream == "stdout")

    @property
    def stderr(self) -> str:
        return "".join(text for stream, text in self.chunks if stream == "stderr")

    @property
    def text(self) -> str:
        """What it printed, as a person saw it."""
        return "".join(text for _, text in self.chunks)

    def __str__(self) -> str:
        return self.text

    def _repr_pretty_(self, printer: object, cycle: bool) -> None:
        getattr(printer, "text")(self.text.rstrip("\n"))  # noqa: B009 - the printer is IPython's, which has no types

    def _ipython_display_(self) -> None:
        """A magic has printed the text as it came; a later look at the value prints it again."""
        if self.was_shown:
            self.was_shown = False
        else:
            print(self.text, end="")  # noqa: T201 - this is what showing a result means
