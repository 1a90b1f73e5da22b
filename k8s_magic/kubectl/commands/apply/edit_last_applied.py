"""`kubectl apply edit-last-applied`: needs an editor."""

from __future__ import annotations

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    raise Unsupported("edit-last-applied needs an editor, which a notebook does not have: use set-last-applied -f")


COMMAND = Command(
    "edit-last-applied",
    "Edit what counts as applied last (not part of this simulation)",
    "edit-last-applied (RESOURCE/NAME | -f FILENAME)",
    complete=no_options,
    run=run,
    flags=(*PRINT_FLAGS, *shared_flags.FILENAME_FLAGS),
)
