"""JSONPath and Go templates, compared with kubectl 1.36.4 (`label --local -o jsonpath=…`)."""

from __future__ import annotations

from typing import Any

import pytest

from k8s_magic.text import gotemplate, jsonpath
from k8s_magic.text.gotemplate import GoTemplate, GoTemplateError
from k8s_magic.text.jsonpath import JsonPath, JsonPathError

POD: dict[str, Any] = {
    "kind": "Pod",
    "metadata": {"name": "p", "labels": {"a": "b", "app.kubernetes.io/name": "q"}},
    "spec": {
        "f": 1.5,
        "g": True,
        "h": 12345678.5,
        "big": 100000000,
        "nothing": None,
        "containers": [
            {"name": "a", "image": "i:1", "number": 1, "ports": [{"p": 1}, {"p": 2}]},
            {"name": "b", "image": "i:2", "number": 2, "ports": [{"p": 3}]},
            {"name": "c", "image": "i<3", "number": 3, "ports": []},
        ],
    },
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{.metadata.name}", "p"),
        ("name={.metadata.name};{.nope}", "name=p;"),
        ("{.spec.containers[*].name}", "a b c"),
        ("{.spec.containers[0].ports}", '[{"p":1},{"p":2}]'),
        ("{.metadata.labels}", '{"a":"b","app.kubernetes.io/name":"q"}'),
        (r"{.metadata.labels.app\.kubernetes\.io/name}", "q"),
        ("{.metadata.labels['a']}", "b"),
        ("{.metadata['name','kind']}", "p"),
        ("{.spec.containers[-1].name} {.spec.containers[::2].name} {.spec.containers[0:2].name}", "c a c a b"),
        ('{.spec.containers[?(@.name=="b")].image}', "i:2"),
        ('{.spec.containers[?(@.name!="b")].image}', "i:1 i<3"),
        ("{.spec.containers[?(@.number>=2)].name}", "b c"),
        ('{range .spec.containers[*]}{.name}{"\\t"}{.image}{"\\n"}{end}', "a\ti:1\nb\ti:2\nc\ti<3\n"),
        ("{range .spec.containers[*]}{range .ports[*]}{.p},{end};{end}.", "1,2,;3,;;."),
        ("{range .spec.nope[*]}x{.y}{end}z", "z"),
        ("{..name}", "p a b c"),
        ("{.spec.f} {.spec.g} {.spec.h} {.spec.big} {.spec.nothing}", "1.5 true 1.23456785e+07 100000000 null"),
        ("{$.kind}{@.kind}{1}{true}{'it'}", "PodPod1trueit"),
    ],
)
def test_jsonpath(template: str, text: str) -> None:
    assert JsonPath(template, allow_missing=True).execute(POD) == text


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{.a", "unclosed action"),
        ("{!}", "unrecognized character in action: U+0021 '!'"),
        ("{.spec[a]}", "invalid array index a"),
        ("{.spec[0", "unterminated array"),
        ('{"abc}', "unterminated quoted string"),
        ("{.a[?(@.b==1]}", "unterminated filter"),
        ("{....x}", "invalid multiple recursive descent"),
    ],
)
def test_malformed_jsonpath(template: str, words: str) -> None:
    with pytest.raises(JsonPathError) as caught:
        JsonPath(template)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{.nope}", "nope is not found"),
        ("{.spec.containers[5].name}", "array index out of bounds: index 5, length 3"),
        ("{.spec.containers[1:0]}", "starting index 1 is greater than ending index 0"),
        ("{.metadata[0]}", "map[string]interface {} is not array or slice"),
        ('{.spec.containers[?(@.number>"x")].name}', "incompatible types for comparison"),
        ("{end}", "not in range, nothing to end"),
        ("{foo}", "unrecognized identifier foo"),
    ],
)
def test_jsonpath_that_fails_on_an_object(template: str, words: str) -> None:
    with pytest.raises(JsonPathError) as caught:
        JsonPath(template).execute(POD)
    assert str(caught.value) == words


def test_the_whole_failure_as_kubectl_tells_it() -> None:
    assert jsonpath.execution_failure("{.x}", JsonPathError("x is not found"), {"b": [1, None], "a": "q"}) == (
        'error executing jsonpath "{.x}": Error executing template: x is not found. '
        "Printing more information for debugging the template:\n"
        "\ttemplate was:\n\t\t{.x}\n"
        "\tobject given to jsonpath engine was:\n"
        '\t\tmap[string]interface {}{"a":"q", "b":[]interface {}{1, interface {}(nil)}}\n\n\n'
    )


def test_relaxed_expressions() -> None:
    for text in ("metadata.name", ".metadata.name", "{metadata.name}", "{.metadata.name}"):
        assert jsonpath.relaxed(text) == "{.metadata.name}"
    with pytest.raises(JsonPathError, match=r"unexpected path string, expected a 'name1.name2' or"):
        jsonpath.relaxed("{.a}{.b}")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{.metadata.name}}", "p"),
        ("{{range .spec.containers}}{{.name}} {{end}}", "a b c "),
        ("{{range $i, $c := .spec.containers}}{{$i}}={{$c.name}};{{end}}", "0=a;1=b;2=c;"),
        ("{{range $k, $v := .metadata.labels}}{{$k}}={{$v}};{{else}}none{{end}}", "a=b;app.kubernetes.io/name=q;"),
        ("{{.nope}} {{.nope.deep}} {{.spec.nothing}}", "<no value> <no value> <no value>"),
        ('{{if eq .kind "Pod"}}yes{{else if .x}}a{{else}}no{{end}}', "yes"),
        ("{{with .nope}}a{{else with .kind}}{{.}}{{end}}", "Pod"),
        ("{{len .spec.containers}} {{(index .spec.containers 1).name}}", "3 b"),
        ('{{printf "%s-%d %5s|%-5s|%q" .kind 3 "a" "b" "c"}}', 'Pod-3     a|b    |"c"'),
        ("{{.spec.big}} {{.spec.f}} {{.spec.h}}", "100000000 1.5 1.23456785e+07"),
        ('a {{- " b " -}} c{{/* no */}}', "a b c"),
        ('{{define "T"}}[{{.}}]{{end}}{{template "T" .kind}}', "[Pod]"),
        ('{{block "B" .kind}}<{{.}}>{{end}}', "<Pod>"),
        ("{{$x := 1}}{{$x = 2}}{{$x}}", "2"),
        ('{{range .spec.containers}}{{if eq .name "b"}}{{continue}}{{end}}{{.name}}{{end}}', "ac"),
        ('{{and 1 0}} {{or 0 "x"}} {{not true}} {{lt 1 2}} {{ne 1 2}}', "0 x false true true"),
        ('{{html "<a>&\'"}} {{urlquery "a b&c"}}', "&lt;a&gt;&amp;&#39; a+b%26c"),
        ('{{base64decode "aGVsbG8="}} {{exists . "metadata" "zz"}}', "hello false"),
        ("{{.spec.containers | len}}{{range 3}}{{.}}{{end}}", "3012"),
        ("{{print nil}}{{println 1 2}}", "<nil>1 2\n"),
    ],
)
def test_go_template(template: str, text: str) -> None:
    assert GoTemplate(template).execute(POD) == text


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{.a", "template: output:1: unclosed action"),
        ("{{range}}x{{end}}", "template: output:1: missing value for range"),
        ("{{foo .x}}", 'template: output:1: function "foo" not defined'),
        ("{{$x}}", 'template: output:1: undefined variable "$x"'),
        ("a\n{{end}}", "template: output:2: unexpected {{end}}"),
        ("{{if .x}}", "template: output:1: unexpected EOF"),
        ("{{(.kind}}", "template: output:1: unclosed left paren"),
    ],
)
def test_malformed_go_template(template: str, words: str) -> None:
    with pytest.raises(GoTemplateError) as caught:
        GoTemplate(template)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (
            "ab{{.spec.nothing.x}}",
            'template: output:1:9: executing "output" at <.spec.nothing.x>: nil pointer evaluating interface {}.x',
        ),
        (
            '{{eq 1 "a"}}',
            'template: output:1:2: executing "output" at <eq 1 "a">: '
            "error calling eq: incompatible types for comparison: int and string",
        ),
        (
            "{{index .spec.containers 9}}",
            'template: output:1:2: executing "output" at <index .spec.containers 9>: '
            "error calling index: index out of range: 9",
        ),
        (
            '{{template "nope" .}}',
            'template: output:1:11: executing "output" at <{{template "nope" .}}>: template "nope" not defined',
        ),
    ],
)
def test_go_template_that_fails_on_an_object(template: str, words: str) -> None:
    with pytest.raises(GoTemplateError) as caught:
        GoTemplate(template).execute(POD)
    assert str(caught.value) == words
    assert caught.value.written == template.partition("{{")[0]
    assert gotemplate.execution_failure("t", caught.value, {})[1] == f'error executing template "t": {words}'


def test_missing_keys_may_be_an_error() -> None:
    with pytest.raises(GoTemplateError, match=r'at <.nope>: map has no entry for key "nope"'):
        GoTemplate("{{.nope}}", allow_missing=False).execute(POD)
