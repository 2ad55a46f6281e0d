"""The rules: each finds what it is for, at its line, and lets its neighbour pass."""

import inspect
import json
from pathlib import Path

import pytest

from bot import check
from bot.check import answers
from bot.domain import Problem

SHIPPED = Path(__file__).parent.parent / "knowledge"
ASKED = "".join(
    f"  - question number {word}\n" for word in ("one", "two", "three", "four", "five", "six", "seven", "eight")
)
INTENT = "title: {}\nanswer: |\n  {}\nsource: H\nfollow_ups: [s.one, s.two]\nquestions:\n"
BROAD = INTENT.format("The one", "Long enough to hold the other. " * 4).replace("s.one", "s.three") + ASKED
TWO = INTENT.format("The two", "Short.").replace("s.two", "s.three") + ASKED.replace("question", "matter")
THREE = INTENT.format("The three", "Short.") + ASKED.replace("question", "subject")
SMALL = {
    "en/source.yaml": "title: T\nlast_reviewed: 2024-05\nbased_on: From {title}.\ndisclaimer: D\n",
    "en/s/_section.yaml": "title: S\norder: 1\nbroad: one\n",
    "en/s/one.yaml": BROAD,
    "en/s/two.yaml": TWO,
    "en/s/three.yaml": THREE,
}


@pytest.fixture
def found(tmp_path):
    """The problems of a small folder with some of its files changed, as (path, line, rule, level)."""

    def run(**files):
        for name, content in {**SMALL, **files}.items():
            path = tmp_path / "knowledge" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        problems = check.check(tmp_path / "knowledge")
        return [
            (problem.path.removeprefix("knowledge/en/"), problem.line, problem.rule, problem.level)
            for problem in problems
        ]

    return run


def say(text):
    """The two-file with another answer."""
    return {"en/s/two.yaml": TWO.replace("Short.", text)}


CASES = {
    "same intent": ({"en/s/two.yaml": TWO + "  - Matter number TWO!\n"}, "s/two.yaml", 15, "question-twice", "warning"),
    "two intents": (
        {"en/s/two.yaml": TWO + "  - question, number one?\n"},
        "s/two.yaml",
        15,
        "question-twice",
        "error",
    ),
    "off-topic": (
        {"en/elsewhere/_off_topic.yaml": "a:\n  - b\n  - Question number one\n"},
        None,
        3,
        "question-twice",
        "error",
    ),
    "two categories": (
        {"en/elsewhere/_off_topic.yaml": "a:\n  - x's\nb:\n  - xs\n"},
        None,
        4,
        "question-twice",
        "error",
    ),
    "small talk": (
        {"en/phrases.yaml": "smalltalk:\n  thanks:\n    reply: R\n    questions:\n      - question number one\n"},
        "phrases.yaml",
        5,
        "question-twice",
        "error",
    ),
    "seven questions": (
        {"en/s/two.yaml": TWO.replace("  - matter number one\n", "")},
        "s/two.yaml",
        6,
        "few-questions",
        "warning",
    ),
    "long": (say("x" * 901), "s/two.yaml", 2, "long-answer", "error"),
    "narrow": (say("x" * 80), "s/two.yaml", 2, "long-narrow-answer", "warning"),
    "hard": (
        say("Prophylactic intrathecal administration necessitates multidisciplinary consideration."),
        None,
        2,
        "hard-answer",
        "warning",
    ),
    "title": ({"en/s/two.yaml": TWO.replace("The two", "x" * 41)}, "s/two.yaml", 1, "long-title", "warning"),
    "same title": ({"en/s/two.yaml": TWO.replace("The two", "the  three.")}, None, 1, "title-twice", "warning"),
    "itself": ({"en/s/two.yaml": TWO.replace("s.one", "s.two")}, "s/two.yaml", 5, "follow-up-to-itself", "error"),
    "twice": ({"en/s/two.yaml": TWO.replace("s.one", "s.three")}, "s/two.yaml", 5, "follow-up-to-itself", "error"),
    "no way on": ({"en/s/two.yaml": TWO.replace("s.one, ", "")}, "s/two.yaml", 5, "few-follow-ups", "warning"),
    "order": (
        {"en/t/_section.yaml": SMALL["en/s/_section.yaml"], "en/t/one.yaml": THREE},
        None,
        2,
        "order-twice",
        "warning",
    ),
    "menu": (
        {"en/phrases.yaml": f"menu:\n  topics: T\n  help: {'x' * 257}\n"},
        "phrases.yaml",
        3,
        "long-menu-line",
        "error",
    ),
    "short description": (
        {"en/phrases.yaml": f"menu:\n  short_description: {'x' * 121}\n"},
        None,
        2,
        "long-menu-line",
        "error",
    ),
    "phrase": ({"en/phrases.yaml": "replies:\n  back: B\n"}, "phrases.yaml", 1, "missing-phrase", "warning"),
}


def test_a_sound_folder_has_no_problems(found):
    """The folder that every case starts from."""
    assert found() == []


@pytest.mark.parametrize("name", CASES)
def test_a_rule_finds_what_it_is_for(name, found):
    """File, line, rule and level."""
    files, path, line, rule, level = CASES[name]
    hits = [hit for hit in found(**files) if hit[2] == rule]
    assert (line, rule, level) in [hit[1:] for hit in hits], hits
    assert path is None or path in [hit[0] for hit in hits]


def test_the_rules_run_beside_the_loaders_problems(found):
    """One run tells all: an unknown key in one file does not hide a rule of another."""
    rules = {hit[2] for hit in found(**say("It is fine."), **{"en/s/three.yaml": THREE + "x: y\n"})}
    assert {"unknown-key", "reassurance"} <= rules


def test_no_folder_is_one_problem(tmp_path):
    """Nothing to check is no success."""
    assert [problem.rule for problem in check.check(tmp_path)] == ["missing-folder"]


def test_every_rule_has_a_manual():
    """The docstring says what is wrong, and the name is the one that problems carry."""
    for name, rule in check.RULES.items():
        assert len(inspect.getdoc(rule) or "") > 40
        assert name.replace("-", "_") == rule.__name__


def test_the_items_of_a_list_count_as_sentences(found):
    """Without a full stop they would run together into one endless sentence."""
    items = "\n".join(f"  - a small thing that is number {number} of them" for number in range(9))
    hits = found(**{"en/s/two.yaml": TWO.replace("Short.", f"These are:\n\n{items}")})
    assert "hard-answer" not in {hit[2] for hit in hits}


def test_without_textstat_the_reading_grade_rests(found, monkeypatch):
    """The text says so; nothing else changes."""
    monkeypatch.setattr(answers, "find_spec", lambda name: None)
    assert [hit for hit in found(**CASES["hard"][0]) if hit[2] == "hard-answer"] == []
    assert check.format([]).splitlines()[0] == "Not checked: how hard the answers read (textstat is not installed)."


ODD = Problem("a,b:c.yaml", 7, "dose", "50% of\r\nit: a, b", "warning")
PLAIN = Problem("knowledge/en/x.yaml", 12, "alias", "No.")


def test_the_text_form_is_for_people():
    """One line for each, and a count."""
    assert check.format([PLAIN]).splitlines() == [
        "knowledge/en/x.yaml:12: error: No. [alias]",
        "Found 1 error and 0 warnings.",
    ]
    assert check.format([]) == "No problems found."


def test_the_json_form_is_for_programs():
    """Every field, in a list."""
    assert json.loads(check.format([PLAIN], "json")) == [
        {"path": "knowledge/en/x.yaml", "line": 12, "rule": "alias", "message": "No.", "level": "error"}
    ]
    assert json.loads(check.format([], "json")) == []


def test_the_github_form_escapes_what_github_would_read_otherwise():
    """Line ends and percent signs everywhere, colons and commas in the properties."""
    assert check.format([PLAIN, ODD], "github").split("\n") == [
        "::error file=knowledge/en/x.yaml,line=12,title=alias::No.",
        "::warning file=a%2Cb%3Ac.yaml,line=7,title=dose::50%25 of%0D%0Ait: a, b",
    ]


def test_the_neutral_wording_passes_its_own_rules(found):
    """What stands in for missing phrases is held to the same rules."""
    wording = (Path(check.__file__).parent.parent / "knowledge" / "defaults.yaml").read_text()
    assert found(**{"en/phrases.yaml": wording}) == []


def test_the_shipped_knowledge_has_no_errors():
    """Warnings are for those who write it."""
    assert [problem for problem in check.check(SHIPPED) if problem.level == "error"] == []
