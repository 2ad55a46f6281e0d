"""What the shipped answers say: all sixty facts of the document, in plain words of our own, and no more."""

import calendar
import re
from pathlib import Path
from statistics import mean

import pytest
import yaml

from bot import check, knowledge
from bot.check import answers

ROOT = Path(__file__).parent.parent
KNOWLEDGE = ROOT / "knowledge"
DOCUMENT = ROOT.parent / "shared" / "source" / "all-treatment.txt"
MONTHS = list(calendar.month_name)[1:]

# The letters that the ids of a section's facts begin with, and how many there are.
FACTS_OF = {
    "overview": ("O", 2),
    "factors": ("F", 3),
    "start_time": ("S", 1),
    "second_opinion": ("2O", 2),
    "types": ("T", 1),
    "chemotherapy": ("C", 5),
    "radiation": ("R", 7),
    "transplant": ("X", 7),
    "targeted": ("G", 6),
    "immunotherapy": ("I", 5),
    "cns": ("N", 8),
    "steroids": ("D", 4),
    "phases": ("P", 4),
    "trials": ("K", 5),
}
# The section of each fact.
FACTS = {f"{letters}{n}": section for section, (letters, count) in FACTS_OF.items() for n in range(1, count + 1)}

PROGNOSIS = re.compile(
    r"\b(?:(?:in)?cur(?:e[sd]?|able)|surviv\w*|prognos\w*|life expectancy|odds|outlook|fatal|deadly|d(?:ies?|ied|ying)"
    r"|death|terminal|live (?:for|longer)|years to live|(?:good|bad|high|low|better|worse) chances?"
    r"|chances? (?:is|are|that)|success rates?|per ?cent)\b|\d ?%",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def kb():
    return knowledge.load(KNOWLEDGE)


@pytest.fixture(scope="module")
def told():
    """Which facts each answer states ("intents"), and the words that state each of them ("sentences")."""
    return yaml.safe_load((ROOT / "tests" / "eval" / "facts.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def problems():
    return check.check(KNOWLEDGE)


@pytest.fixture(scope="module")
def texts():
    """Every English text that can reach a person, by its file and place; titles are left out."""
    _, folder = knowledge.open_folder(KNOWLEDGE)
    return {
        f"{text.reading.path.parent.name}/{text.reading.path.name} {'.'.join(map(str, text.where))}": text.text
        for text in (*knowledge.outgoing(folder), *knowledge.cards(folder))
        if text.where[-1] != "title" and text.reading.path.name != "languages.yaml"
    }


def flat(text):
    return " ".join(text.replace("**", "").split())


def runs(text, words=8):
    """Every run of so many words within a sentence or an item of a list."""
    for part in re.split(r"[.!?;:\n•]+", text.lower()):
        found = re.findall(r"[a-z]+", part)
        for start in range(len(found) - words + 1):
            yield " ".join(found[start : start + words])


def month(date):
    year, number = date.split("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def test_there_are_fifty_intents_and_more_in_fifteen_sections(kb):
    own = [intent for intent in kb.intents.values() if not intent.redirect]
    assert len(own) >= 50
    assert {intent.section for intent in own} == {*FACTS_OF, "source"} == set(kb.sections)


def test_each_of_the_sixty_facts_has_its_words_in_the_broad_answer_of_its_section(kb, told):
    assert len(FACTS) == 60
    assert set(told["sentences"]) == set(FACTS)
    for fact, section in FACTS.items():
        place = told["sentences"][fact]
        whole = kb.broad(section)
        assert place["intent"] == whole.id, fact
        assert len(place["sentence"].split()) >= 5, fact
        assert place["sentence"] == flat(place["sentence"]), fact
        assert place["sentence"] in flat(whole.answer), fact


def test_every_answer_of_our_own_states_facts_and_only_known_ones(kb, told):
    ours = {intent.id for intent in kb.intents.values() if not intent.redirect and intent.section != "source"}
    assert set(told["intents"]) == ours
    for intent, facts in told["intents"].items():
        assert facts, intent
        assert set(facts) <= set(FACTS), intent
        assert len(facts) == len(set(facts)), intent
        assert any(FACTS[fact] == kb.intents[intent].section for fact in facts), intent


def test_a_broad_answer_states_all_facts_of_its_section(kb, told):
    for section in FACTS_OF:
        stated = told["intents"][kb.broad(section).id]
        assert {fact for fact, home in FACTS.items() if home == section} <= set(stated), section


def test_a_fact_belongs_to_the_answers_that_hold_its_words(kb, told):
    for fact, place in told["sentences"].items():
        for intent, stated in told["intents"].items():
            if place["sentence"] in flat(kb.intents[intent].answer):
                assert fact in stated, intent


def test_a_narrow_answer_is_at_most_half_as_long_as_the_broad_one(kb):
    for section in kb.sections:
        whole = kb.broad(section)
        for intent in kb.intents.values():
            if intent.section == section and intent is not whole:
                assert len(intent.answer) <= len(whole.answer) / 2, intent.id


def test_no_answer_is_longer_than_900_characters(kb):
    assert {intent.id for intent in kb.intents.values() if len(intent.answer) > 900} == set()


def test_answers_read_at_grade_8_at_most_and_6_and_a_half_on_average(kb):
    assert answers.can_grade(), "textstat is missing: it comes with the development packages"
    grades = {intent.id: answers._grade(intent.answer) for intent in kb.intents.values()}
    assert {intent: grade for intent, grade in grades.items() if grade > 8} == {}
    assert mean(grades.values()) <= 6.5


@pytest.mark.parametrize("rule", ["dose", "reassurance", "unwritten", "long-title"])
def test_the_checker_finds_no(rule, problems):
    assert rule in check.RULES
    assert [str(problem) for problem in problems if problem.rule == rule] == []


def test_no_text_foretells_how_it_will_end(texts):
    assert len(texts) > 200
    assert {place: PROGNOSIS.findall(text) for place, text in texts.items() if PROGNOSIS.search(text)} == {}


@pytest.mark.parametrize(
    "said", ["Most people survive.", "It can be cured.", "9 in 10, or 90%", "The outlook is good.", "Your chances are"]
)
def test_a_forecast_would_be_found(said):
    assert PROGNOSIS.search(said)


@pytest.mark.skipif(not DOCUMENT.is_file(), reason="the document is not part of the project")
def test_nothing_is_copied_from_the_document():
    copied = set(runs(DOCUMENT.read_text(encoding="utf-8")))
    assert copied
    hits = {
        str(path.relative_to(KNOWLEDGE)): sorted(copied.intersection(runs(path.read_text(encoding="utf-8"))))
        for path in (KNOWLEDGE / "en").rglob("*.yaml")
        if path.name != "source.yaml"
    }
    assert len(hits) > 100
    assert {path: found for path, found in hits.items() if found} == {}


def test_dates_reviewer_and_title_are_everywhere_those_of_the_source(kb, texts):
    source = kb.source
    dates = {month(source.last_reviewed), month(source.last_updated)}
    about = {place: flat(text) for place, text in texts.items() if place.startswith("source/") or "commands." in place}
    whole = " ".join(about.values())
    assert set(re.findall(rf"\b(?:{'|'.join(MONTHS)}) \d{{4}}\b", whole)) == dates
    assert set(re.findall(r"\b\d{4}\b", whole)) == {date.split()[1] for date in dates}
    assert set(re.findall(r"\bthe ((?:[A-Z]\w* )+Board)\b", whole, re.ASCII)) <= {source.reviewer}
    assert set(re.findall(r"\bAcute Lymph\w+ Leuk\w+[^.,]*? Treatment\b", whole)) == {source.title}
    for place in ("source/where_from.yaml answer", "en/phrases.yaml commands.source"):
        for said in (*dates, source.reviewer, source.title):
            assert said in about[place], place
    assert all(date in about["source/how_current.yaml answer"] for date in dates)
    assert source.reviewer in about["source/who_reviewed.yaml answer"]
