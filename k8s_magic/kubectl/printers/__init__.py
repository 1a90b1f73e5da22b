"""How objects are printed: tables, names, YAML, JSON, templates, columns.

PRINT_FLAGS                               -o, --template, --show-managed-fields, …: for a command's `flags`
PrintOptions.of(call)                     what they say
  .printer("created", streams, dry_run)   `deployment.apps/web created (dry run)`, or -o's form
"""

from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions

__all__ = ["PRINT_FLAGS", "PrintOptions", "Printer"]
