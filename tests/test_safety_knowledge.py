"""The files of `safety/`: what the checker finds in them, and what no text that a patient reads may hold."""

import re
import shutil

import pytest
import textstat

from bot import knowledge
from bot.domain import Problem, SafetyKnowledge
from bot.knowledge.safety import read_safety
from tests.conftest import KNOWLEDGE

REASSURANCE = re.compile(
    r"don.t worry|nothing to worry|no need to worry|\bis normal\b|\bit.s fine\b|\bis fine\b|safe to wait|you.re fine"
    r"|perfectly safe|completely safe|\bharmless\b|no cause for concern|will be (?:ok|okay|fine|all right)",
    re.IGNORECASE,
)
DOSE = re.compile(
    r"\b\d+(?:[.,]\d+)?\s*(?:mg|mcg|µg|g|ml|units?|tablets?|pills?|capsules?|drops?)\b|mg/m2|mg/kg|\b(?:take|give)\s+"
    r"(?:one|two|three|half)\b",
    re.IGNORECASE,
)
PROGNOSIS = re.compile(
    r"\b\d+\s*(?:%|percent)|\d+ (?:out of|in) \d+ (?:people|patients|children)|survival rate|life expectancy|"
    r"(?:months|years) to live|most (?:people|patients|children) (?:survive|live|are cured)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def kb():
    return knowledge.load(KNOWLEDGE)


def outgoing(kb):
    """Every text that a patient can be told, by where it stands."""
    yield from (
        (f"intent {intent.id}", f"{intent.title}\n{intent.answer}\n{intent.short}") for intent in kb.intents.values()
    )
    yield from ((f"card {name}", f"{card.title}\n{card.text}") for name, card in kb.safety.cards.items())
    yield from ((f"default {name}", text) for name, text in kb.safety.defaults.items())
    yield from ((f"reply {name}", text) for name, text in kb.phrases.replies.items())
    yield from ((f"command {name}", text) for name, text in kb.phrases.commands.items())
    yield from ((f"menu {name}", text) for name, text in kb.phrases.menu.items())
    yield from ((f"smalltalk {name}", talk.reply) for name, talk in kb.phrases.smalltalk.items())
    source = kb.source
    yield from (
        (f"source {n}", text) for n, text in enumerate((source.disclaimer, source.urgent_line, source.retelling))
    )


@pytest.mark.parametrize(("rule", "pattern"), [("reassurance", REASSURANCE), ("dose", DOSE), ("prognosis", PROGNOSIS)])
def test_no_text_that_a_patient_reads_holds(kb, rule, pattern):
    assert [where for where, text in outgoing(kb) if pattern.search(text)] == []


def shown(kb, name):
    return kb.safety.card(name).text.format(**kb.safety.defaults).replace("**", "").replace("- ", "")


def english_cards(kb):
    return [name for name in kb.safety.cards if not name.startswith("urgent_")]


def test_cards_are_easy_to_read(kb):
    grades = {name: textstat.flesch_kincaid_grade(shown(kb, name)) for name in english_cards(kb)}
    assert {name: grade for name, grade in grades.items() if grade > 5} == {}


def test_the_urgent_card_is_short(kb):
    assert len(shown(kb, "urgent").split()) <= 90


def test_the_urgent_card_names_both_contacts_and_what_to_say(kb):
    text = kb.safety.card("urgent").text
    for needed in (
        "{emergency_number}",
        "{care_team}",
        "leukemia",
        "cannot check symptoms",
        "do not wait",
        "hard to wake",
    ):
        assert needed in text


def test_the_crisis_card_opens_several_doors(kb):
    text = kb.safety.card("crisis").text
    for needed in ("{emergency_number}", "{crisis_line}", "{care_team}", "someone you trust", "stay with them"):
        assert needed in text


def test_the_crisis_card_follows_safe_messaging(kb):
    text = kb.safety.card("crisis").text.lower()
    assert [word for word in ("commit", "too precious", "selfish", "brave", "method", "overdose") if word in text] == []


@pytest.mark.parametrize("kind", ["dose", "stop_skip", "interaction", "lab", "choose", "other"])
def test_each_refusal_names_who_can_help(kb, kind):
    assert re.search(r"care team|doctor|pharmacist", kb.safety.card(f"advice_{kind}").text)
    assert "I cannot" in kb.safety.card(f"advice_{kind}").text


def test_every_card_can_be_filled_in(kb):
    for name, card in kb.safety.cards.items():
        assert "{" not in card.text.format(**kb.safety.defaults), name


def test_every_flag_has_a_card(kb):
    assert [flag.id for flag in kb.safety.flags if flag.card not in kb.safety.cards] == []


def test_every_kind_of_red_flag_of_the_research_is_there(kb):
    assert len([flag for flag in kb.safety.flags if flag.level == "urgent"]) >= 20


@pytest.fixture
def copy(tmp_path):
    root = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE / "en" / "safety", root / "en" / "safety")
    return root


def problems(root):
    found: list[Problem] = []
    safety = read_safety(root / "en" / "safety", root, found)
    return safety, {problem.rule for problem in found}


def edit(root, name, old, new):
    path = root / "en" / "safety" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_files_have_no_problem(copy):
    assert problems(copy)[1] == set()


def test_a_folder_without_safety_is_no_problem(tmp_path):
    assert problems(tmp_path) == (SafetyKnowledge(), set())


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("flags.yaml", "- high fever", "- <nothing> + fever", "bad-pattern"),
        ("flags.yaml", "- high fever", "- running fever", "duplicate-pattern"),
        ("flags.yaml", "doubt: none", "doubt: sometimes", "bad-value"),
        ("refusals.yaml", "flags:\n  dose:\n", "flags:\n  dose:\n    doubt: none\n", "no-doubt"),
        ("cards.yaml", "  advice_lab:", "  advice_labs:", "missing-card"),
        ("words.yaml", "lists:\n", "lists:\n  nobody_uses_this: [a]\n", "unused-list"),
        ("words.yaml", "lists:\n", "list:\n", "unknown-key"),
        ("cards.yaml", "cards:\n", "card:\n", "unknown-key"),
        ("flags.yaml", "flags:\n", "flag:\n", "unknown-key"),
        ("context.yaml", "negation:", "negations:", "unknown-key"),
        ("languages.yaml", "languages:\n", "language:\n", "unknown-key"),
        ("context.yaml", "<team> + <judged>", "<nobody> + <judged>", "bad-pattern"),
        ("temperature.yaml", "celsius:", "celsium:", "unknown-key"),
        ("examples/crisis.yaml", "messages:", "message:", "unknown-key"),
    ],
)
def test_a_broken_file_is_found(copy, name, old, new, rule):
    edit(copy, name, old, new)
    assert rule in problems(copy)[1]


def test_a_problem_says_its_line(copy):
    edit(copy, "flags.yaml", "- high fever", "- <nothing> + fever")
    found: list[Problem] = []
    read_safety(copy / "en" / "safety", copy, found)
    lines = (copy / "en" / "safety" / "flags.yaml").read_text(encoding="utf-8").splitlines()
    assert [(problem.path, lines[problem.line - 1].strip()) for problem in found if problem.rule == "bad-pattern"] == [
        ("knowledge/en/safety/flags.yaml", "- <nothing> + fever")
    ]


def test_examples_of_an_unknown_class_are_an_error(copy):
    (copy / "en" / "safety" / "examples" / "other.yaml").write_text("messages: [a]\n", encoding="utf-8")
    safety, rules = problems(copy)
    assert "unknown-examples" in rules
    assert "other" not in safety.examples


def test_a_missing_file_is_a_problem(copy):
    (copy / "en" / "safety" / "flags.yaml").unlink()
    assert problems(copy)[1]
