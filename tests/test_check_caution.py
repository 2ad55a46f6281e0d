"""The rules about what must never be said: they find it wherever it stands, and leave alone what only looks like it."""

import pytest

from bot import check

SOURCE = "title: T\nlast_reviewed: 2024-05\nbased_on: From {title}.\ndisclaimer: D\n"
ONE = "title: The one\nanswer: |\n  Short.\nsource: H\nquestions:\n  - what is one\n"
SMALL = {"en/source.yaml": SOURCE, "en/s/_section.yaml": "title: S\norder: 1\nbroad: one\n", "en/s/one.yaml": ONE}
RULES = {"reassurance", "dose", "unwritten"}


@pytest.fixture
def found(tmp_path):
    """What these rules find in a small folder with some of its files changed, as (path, line, rule, level)."""

    def run(files):
        for name, content in {**SMALL, **files}.items():
            path = tmp_path / "knowledge" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        problems = [problem for problem in check.check(tmp_path / "knowledge") if problem.rule in RULES]
        return [(problem.path, problem.line, problem.rule, problem.level) for problem in problems]

    return run


def say(text):
    """The folder's one answer with another text."""
    return {"en/s/one.yaml": ONE.replace("Short.", text)}


WRONG = {
    "reassurance": [
        "Don't worry.",
        "You do not need to do a thing: no need to panic.",
        "There is nothing to worry about.",
        "That is fine.",
        "It’s all right.",
        "You will be okay.",
        "This is quite normal.",
        "It is safe to wait.",
        "It can wait.",
        "It is probably nothing.",
        "There is no rush.",
        "Wait until\n  morning.",
        "You will get better.",
        "Rest assured.",
    ],
    "dose": [
        "Take 5 mg.",
        "2.5mg/kg",
        "1,000 mg/m2",
        "50 ml",
        "Two tablets help.",
        "3 more pills",
        "twice a day",
        "3 times per day",
        "once daily",
        "every six hours",
        "24 Gy",
        "10 units",
    ],
    "unwritten": [
        "TODO",
        "Todo: write this",
        "TBD",
        "Lorem ipsum. lorem",
        "Example text",
        "Your answer here",
        "see example.com",
    ],
}
RIGHT = {
    "reassurance": [
        "It is okay to ask.",
        "Ask whether it can wait.",
        "Only if it is safe to wait for it.",
        "You are told of a fine needle.",
        "Do not wait.",
        "It also harms healthy cells.",
    ],
    "dose": [
        "One of two phases.",
        "Call day or night.",
        "100 people",
        "2 to 3 years",
        "37.5 °C",
        "three times as many",
        "5 groups",
    ],
    "unwritten": ["For example, chemo.", "A test of the blood.", "The sample is sent away.", "It has to be done soon."],
}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in WRONG.items() for text in texts])
def test_what_must_never_be_said_is_an_error(rule, text, found):
    """In an answer, at the line where it begins."""
    hits = [hit for hit in found(say(text)) if hit[2] == rule]
    assert hits, text
    assert hits[0][1:] == (3, rule, "error")


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in RIGHT.items() for text in texts])
def test_what_only_looks_like_it_is_let_through(rule, text, found):
    """A false alarm would teach people to ignore the checker."""
    assert [hit for hit in found(say(text)) if hit[2] == rule] == []


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("en/s/one.yaml", ONE.replace("The one", "It is fine"), 1),
        ("en/s/one.yaml", ONE + "short: It is fine\n", 7),
        ("en/source.yaml", SOURCE + "urgent_line: It is fine\n", 5),
        ("en/phrases.yaml", "smalltalk:\n  thanks:\n    reply: It is fine\n", 3),
        ("en/phrases.yaml", "replies:\n  fallback: |\n    One.\n\n    It is fine\n", 5),
        ("en/phrases.yaml", "commands:\n  help: It is fine\n", 2),
        ("en/phrases.yaml", "menu:\n  help: It is fine\n", 2),
        ("en/safety/cards.yaml", "cards:\n  urgent:\n    title: T\n    text: It is fine\n", 4),
        ("en/safety/cards.yaml", "defaults:\n  care_team: It is fine\n", 2),
        ("en/safety/languages.yaml", "languages:\n  de:\n    title: It is fine\n", 3),
    ],
)
def test_every_text_that_goes_out_is_looked_at(name, content, line, found):
    """Titles, short answers, lines under replies, phrases, commands, the menu and the safety cards."""
    assert (f"knowledge/{name}", line, "reassurance", "error") in found({name: content})


def test_questions_may_say_what_answers_may_not(found):
    """They are what people write, and go nowhere."""
    assert found({"en/s/one.yaml": ONE + "  - is 5 mg twice a day normal\n"}) == []
