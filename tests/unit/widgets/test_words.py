"""The static pictures say what the live views say: each table of words against its twin in JavaScript."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from k8s_magic.widgets import measure, rollout_words, traffic_words, words

SOURCES = Path(__file__).parents[3] / "js" / "src"
LANGUAGES = ("en", "ja")

# Our name: theirs, where it is another one; and what functions are called with.
TABLES: dict[str, tuple[Any, str, dict[str, str], dict[str, list[list[Any]]]]] = {
    "i18n.js wordsOf": (
        words,
        "states waiting cpu memory pods requested used ready not_ready cordoned old pressure image more leaves zone on",
        {"ready": "readyNode", "image": "label"},
        {"more": [[3]], "leaves": [["4:59"]], "zone": [["a"]], "on": [["node-1"]]},
    ),
    "rollout_words.js rolloutWords": (
        rollout_words,
        "title none parts states terminating desired band revision gone no_old available place why not_ready pods left "
        "left_at lasted still band_left after before mark",
        {"place": "in", "lasted": "for"},
        {
            "terminating": [[1], [12]],
            "desired": [[4]],
            "band": [[3, 5]],
            "revision": [["2"]],
            "place": [["shop"]],
            "pods": [[1], [2]],
            "left_at": [["x", "y", "z"]],
            "lasted": [["3s"]],
            "after": [["3s"]],
            "before": [["3s"]],
            "mark": [["revision 2"], ["paused"], ["resumed"]],
        },
    ),
    "traffic_words.js trafficWords": (
        traffic_words,
        "title none causes sent answered lost source ended kept_alive patterns nobody no_endpoint earlier others "
        "leaving gone even old latency no_latency by at why",
        {"kept_alive": "keptAlive"},
        {
            "none": [[""], ["shop"]],
            "source": [["x"]],
            "kept_alive": [[10]],
            "earlier": [[1], [2]],
            "others": [[7]],
            "by": [["web-1"], [""]],
            "at": [["web-1"], [""]],
            "why": [
                *([reason] for reason in traffic_words._WHY),
                ["its node node-2 is cut off"],
                ["it answered 503"],
                ["what nobody has heard of"],
            ],
        },
    ),
}
# Reads {module, function, keys: {key: [arguments, …]}} and prints the words by language and key.
SCRIPT = """
import { readFileSync } from "node:fs";
const asked = JSON.parse(readFileSync(0, "utf8"));
const found = {};
for (const language of ["en", "ja"]) {
  const words = (await import(asked.module))[asked.function](language);
  found[language] = Object.fromEntries(Object.entries(asked.keys).map(([key, calls]) =>
    [key, calls.length ? calls.map((call) => words[key](...call)) : words[key]]));
}
console.log(JSON.stringify(found));
"""


def theirs(table: str) -> dict[str, dict[str, Any]]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node")
    file, function = table.split()
    _, names, other, calls = TABLES[table]
    keys = {other.get(name, camel(name)): calls.get(name, []) for name in names.split()}
    asked = {"module": (SOURCES / file).as_uri(), "function": function, "keys": keys}
    command = [node, "--input-type=module", "-e", SCRIPT]
    answer = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    found: dict[str, dict[str, Any]] = json.loads(answer.stdout)
    return found


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


@pytest.mark.parametrize("table", TABLES)
def test_the_pictures_say_what_the_live_views_say(table: str) -> None:
    module, names, other, calls = TABLES[table]
    said = theirs(table)
    for language in LANGUAGES:
        own = module.words_of(language)
        for name in names.split():
            value = getattr(own, name)
            ours = [value(*call) for call in calls[name]] if name in calls else value
            ours = list(ours) if isinstance(ours, tuple) else ours
            assert ours == said[language][other.get(name, camel(name))], (language, name)


@pytest.mark.parametrize("name", ["pod", "node", "outside"])
def test_where_a_load_comes_from_is_said_alike(name: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node")
    script = (
        f"import {{ trafficWords }} from {json.dumps((SOURCES / 'traffic_words.js').as_uri())};"
        "console.log(JSON.stringify(['en', 'ja'].map((l) => [['web-1', 'node-1'], ['', 'node-1']].map((a) => "
        f"trafficWords(l).from[{json.dumps(name)}](...a)))))"
    )
    answer = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    ours = [
        [traffic_words.words_of(language).origins[name](pod, "node-1") for pod in ("web-1", "")]
        for language in LANGUAGES
    ]
    assert json.loads(answer.stdout) == ours


@pytest.mark.parametrize("module", [words, rollout_words, traffic_words])
def test_no_word_is_left_out_and_other_languages_get_english(module: Any) -> None:
    english, japanese = module.words_of("en"), module.words_of("ja")
    for field in fields(english):
        mine, other = getattr(english, field.name), getattr(japanese, field.name)
        assert mine
        assert other
        if isinstance(mine, dict):
            assert list(mine) == list(other), field.name
    assert module.words_of("ja-JP") is japanese
    for language in ("", "en-GB", "fr", "tlh"):
        assert module.words_of(language) is english


def test_east_asian_letters_are_two_columns_and_twice_as_wide() -> None:
    assert measure.columns("準備 ok") == 7
    assert measure.pad("準備", 6) == "準備  "
    assert measure.pixels("準備", 11) == 22
    assert measure.pixels("ab", 12) < measure.pixels("準備", 12)


def test_what_does_not_fit_is_cut_where_it_says() -> None:
    assert measure.fit("準備完了", 48) == "準備完了"
    assert measure.fit("準備完了", 47) == "準備…"
    assert measure.fit("web-6d4cf56db6-abcde", 80, keep="end") == "…db6-abcde"
    for room in range(20, 200, 7):
        for text in ("one two three four five", "利用可能は3以上、全体は5以下（準備未完了）"):
            assert measure.pixels(measure.fit(text, room)) <= room
            lines = measure.lines(text, room)
            assert len(lines) <= 2
            assert all(measure.pixels(line) <= room for line in lines)


def test_lines_break_between_words_and_between_east_asian_letters() -> None:
    assert measure.lines("one two three", 60) == ["one two", "three"]
    assert measure.lines("送信 1,234件 応答あり", 90) == ["送信 1,234件", "応答あり"]
    text = "利用可能は3以上、全体は5以下"
    for room in range(96, 160):
        first, second = measure.lines(text, room)
        assert first + second == text
        assert second[0] != "、", "no line begins with a mark that closes"
