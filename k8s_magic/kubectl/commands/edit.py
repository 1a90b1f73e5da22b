"""`kubectl edit`: needs an editor."""

from __future__ import annotations

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import last_applied, recording
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.protocols import Transport


def run(call: Call, client: Transport, streams: Streams) -> int:
    raise Unsupported(
        "kubectl edit needs an editor, which a notebook does not have: use kubectl patch, or get -o yaml and apply"
    )


COMMAND = Command(
    "edit",
    "Edit an object (not part of this simulation)",
    "edit (RESOURCE/NAME | -f FILENAME)",
    complete=no_options,
    run=run,
    flags=(
        recording.RECORD,
        *PRINT_FLAGS,
        *shared_flags.FILENAME_FLAGS,
        shared_flags.VALIDATE,
        Flag("output-patch", "bool", help="Show the patch as well."),
        Flag("windows-line-endings", "bool", help="End lines as Windows does."),
        shared_flags.field_manager("kubectl-edit"),
        last_applied.SAVE_CONFIG,
        shared_flags.SUBRESOURCE,
    ),
    arguments="kind/name",
)
