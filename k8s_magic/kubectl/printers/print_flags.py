"""-o and its companions.

Source: cli-runtime/pkg/genericclioptions/{print,template,jsonpath,json_yaml,name}_flags.go
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers import formats
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.streams import Files, Streams

JSON_YAML = ("json", "kyaml", "yaml")
GO_TEMPLATES = ("go-template", "go-template-file", "template", "templatefile")
JSON_PATHS = ("jsonpath", "jsonpath-as-json", "jsonpath-file")
WRITE_FORMATS = (*JSON_YAML, "name", *GO_TEMPLATES, *JSON_PATHS)

OUTPUT = Flag("output", short="o", help=f"Form of the output, one of: {', '.join(WRITE_FORMATS)}.", candidates="output")
TEMPLATE = Flag("template", help="The template (or its file) for -o go-template, jsonpath and the like.")
ALLOW_MISSING = Flag(
    "allow-missing-template-keys", "bool", default=True, help="Print nothing for what a template does not find."
)
SHOW_MANAGED_FIELDS = Flag("show-managed-fields", "bool", help="Keep metadata.managedFields in JSON and YAML.")

PRINT_FLAGS: tuple[Flag, ...] = (OUTPUT, TEMPLATE, ALLOW_MISSING, SHOW_MANAGED_FIELDS)

DRY_RUN_SUFFIX = {"": "", "client": " (dry run)", "server": " (server dry run)"}


def no_printer(output: str, allowed: tuple[str, ...]) -> KubectlError:
    return KubectlError(
        f'unable to match a printer suitable for the output format "{output}", '
        f"allowed formats are: {','.join(sorted(allowed))}"
    )


def split_format(output: str, template: str, known: tuple[str, ...]) -> tuple[str, str] | None:
    """(format, template) where an -o value is one of some formats; None where it is not."""
    if not template:
        name, equals, text = output.partition("=")
        if equals and name in known:
            return name, text
    return (output, template) if output in known else None


@dataclass(frozen=True, slots=True)
class PrintOptions:
    output: str = ""
    template: str = ""
    output_given: bool = False
    allow_missing: bool = True
    show_managed_fields: bool = False

    @classmethod
    def of(cls, call: Call, default: str = "") -> PrintOptions:
        return cls(
            call.text("output") if call.changed("output") else default,
            call.text("template"),
            call.changed("output"),
            call.flag("allow-missing-template-keys"),
            call.flag("show-managed-fields"),
        )

    def printer(self, operation: str, streams: Streams, dry_run: str = "", *, typed: bool = False) -> Printer:
        """For commands that change something. Raises: KubectlError where -o is not one of theirs.

        `dry_run` is "", client or server. `typed` keeps the order of fields in JSON (objects the client made).
        """
        output = "go-template" if self.template and not self.output_given else self.output
        found = self.json_or_yaml(output, typed=typed) or self.named(output, operation + DRY_RUN_SUFFIX[dry_run])
        found = found or self.templated(output, streams.files)
        if found is None:
            raise no_printer(self.output, WRITE_FORMATS)
        return found

    def json_or_yaml(self, output: str, *, typed: bool = False) -> Printer | None:
        printer: Printer
        match output.lower():
            case "json":
                printer = formats.JsonPrinter(typed=typed)
            case "yaml":
                printer = formats.YamlPrinter()
            case "kyaml":
                printer = formats.KyamlPrinter(typed=typed)
            case _:
                return None
        return printer if self.show_managed_fields else formats.WithoutManagedFields(printer)

    def named(self, output: str, operation: str) -> Printer | None:
        if output.lower() in ("", "name"):
            return formats.NamePrinter(operation, short=output.lower() == "name")
        return None

    def templated(self, output: str, files: Files) -> Printer | None:
        found = split_format(output, self.template, GO_TEMPLATES + JSON_PATHS)
        if found is None:
            return None
        name, text = found
        if not text:
            raise KubectlError("template format specified but no template given")
        if name in ("go-template-file", "templatefile", "jsonpath-file"):
            text = formats.read_template(files.read, text)
        if name in GO_TEMPLATES:
            return formats.GoTemplatePrinter(text, allow_missing=self.allow_missing)
        return formats.JsonPathPrinter(text, allow_missing=self.allow_missing, as_json=name == "jsonpath-as-json")
