"""The folder as a whole: what is found in it, what must fit together, and the knowledge base that comes out."""

import os
from pathlib import Path

import pytest

import bot
from bot import knowledge
from bot.domain import SafetyKnowledge
from bot.errors import KnowledgeError

SHIPPED = Path(__file__).parent.parent / "knowledge"
SOURCE = "title: T\nreviewer: R\nlast_reviewed: 2024-05\nbased_on: 'From {title}, {last_reviewed}.'\ndisclaimer: D\n"
INTENT = "title: A\nanswer: |\n  One.\nsource: H\nquestions:\n  - what is one\n"
SECTION = "title: S\nnames: [s]\norder: 1\nbroad: one\n"
SMALL = {"en/source.yaml": SOURCE, "en/s/_section.yaml": SECTION, "en/s/one.yaml": INTENT}


@pytest.fixture
def make(tmp_path):
    """Writes a small folder, changed as told (None removes a file), and gives its path."""

    def write(**changes):
        root = tmp_path / "knowledge"
        files = {**SMALL, **changes.pop("files", {})}
        for name, content in files.items():
            if content is not None:
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
        return root

    return write


def test_a_source_and_one_section_are_enough(make):
    """Vocabulary, safety and phrases fall back to neutral ones."""
    base = knowledge.load(make())
    assert list(base.sections) == ["s"]
    assert base.broad("s").answer == "One."
    assert base.source.stale_after_months == 36
    assert base.safety == SafetyKnowledge()
    assert base.vocabulary.drugs == {}
    assert {"greeting", "thanks"} <= set(base.phrases.smalltalk)
    assert base.phrases.replies["none_of_these"] == "None of these"


def test_own_phrases_stand_in_front_of_the_neutral_ones(make):
    """One changed sentence leaves the others as they are."""
    base = knowledge.load(make(files={"en/phrases.yaml": "replies:\n  back: Return\n"}))
    assert base.phrases.replies["back"] == "Return"
    assert base.phrases.replies["more_topics"] == "All topics"


def test_everything_of_a_folder_reaches_the_knowledge_base(make):
    """Redirects, off-topic examples, vocabulary and safety cards."""
    base = knowledge.load(
        make(
            files={
                "en/elsewhere/diet.yaml": INTENT.replace("source: H\n", "follow_ups: [s.one]\n"),
                "en/elsewhere/_off_topic.yaml": "weather:\n  - is it raining\n",
                "en/vocabulary.yaml": "synonyms: {one: [uno]}\ndrugs: {oneol: s, twool: elsewhere}\nkeep: ['no']\n",
            }
        )
    )
    assert base.intents["elsewhere.diet"].redirect
    assert base.intents["elsewhere.diet"].follow_ups == ("s.one",)
    assert "elsewhere" not in base.sections
    assert base.off_topic == {"weather": ("is it raining",)}
    assert base.vocabulary.synonyms == {"one": ("uno",)}
    assert base.vocabulary.keep == ("no",)


def test_a_picture_is_known_by_its_path(make):
    shown = INTENT + "image: x.png\nimage_text: An x.\n"
    folder = make(files={"en/s/one.yaml": shown, "en/images/x.png": "x"})
    base = knowledge.load(folder)
    assert base.intents["s.one"].image == folder / "en" / "images" / "x.png"
    assert base.pictured(["s.gone", "s.one"]) == base.intents["s.one"]
    assert base.pictured(["s.gone"]) is None


CARD = "defaults: {{care_team: your nurse}}\ncards:\n  urgent:\n    title: T\n    text: |\n      {}\n"
BLOCK = INTENT.replace("  One.\n", "  One.\n\n  {}\n")
FITS = {
    "no source": ({"en/source.yaml": None}, "missing-file", "knowledge/en/source.yaml", 1),
    "no _section": ({"en/s/_section.yaml": None}, "missing-file", "knowledge/en/s/_section.yaml", 1),
    "no broad intent": ({"en/s/_section.yaml": SECTION.replace("one", "two")}, "unknown-intent", None, 4),
    "empty section": ({"en/t/_section.yaml": SECTION}, "empty-section", "knowledge/en/t", 1),
    "no section": ({"en/s/one.yaml": None, "en/s/_section.yaml": None}, "no-section", "knowledge/en", 1),
    "file name": ({"en/s/Two-b.yaml": INTENT}, "bad-id", "knowledge/en/s/Two-b.yaml", 1),
    "folder name": ({"en/T t/x.yaml": INTENT}, "bad-id", "knowledge/en/T t", 1),
    "name too long": ({f"en/s/{'x' * 47}.yaml": INTENT}, "bad-id", f"knowledge/en/s/{'x' * 47}.yaml", 1),
    "yml": ({"en/s/two.yml": INTENT}, "stray-file", "knowledge/en/s/two.yml", 1),
    "unknown single file": ({"en/sauce.yaml": SOURCE}, "stray-file", "knowledge/en/sauce.yaml", 1),
    "unknown _file": ({"en/s/_other.yaml": INTENT}, "stray-file", "knowledge/en/s/_other.yaml", 1),
    "_section elsewhere": ({"en/elsewhere/_section.yaml": SECTION}, "stray-file", None, 1),
    "folder in a section": ({"en/s/t/two.yaml": INTENT}, "stray-folder", "knowledge/en/s/t", 1),
    "follow-up": ({"en/s/one.yaml": INTENT + "follow_ups: [s.one, s.on]\n"}, "unknown-intent", None, 7),
    "follow-up of a redirect": ({"en/elsewhere/x.yaml": INTENT + "follow_ups: [s.x]\n"}, "unknown-intent", None, 7),
    "image": ({"en/s/one.yaml": INTENT + "image: x.png\n"}, "missing-image", None, 7),
    "image text": ({"en/s/one.yaml": INTENT + "image: x.png\n", "en/images/x.png": "x"}, "missing-image-text", None, 7),
    "image text with bold": ({"en/s/one.yaml": INTENT + "image_text: a **b**\n"}, "markdown", None, 7),
    "drug": ({"en/vocabulary.yaml": "drugs:\n  x: s\n  y: t\n"}, "unknown-section", None, 3),
    "look-alike alone": ({"en/vocabulary.yaml": "look_alikes:\n  - [a, b]\n  - [c]\n"}, "empty", None, 3),
    "reply name": ({"en/phrases.yaml": "replies:\n  bak: B\n"}, "unknown-key", "knowledge/en/phrases.yaml", 2),
    "small talk": ({"en/phrases.yaml": "smalltalk:\n  hi: {reply: B, questions: [c]}\n"}, "unknown-key", None, 2),
    "cue": ({"en/phrases.yaml": "followups:\n  what: [c]\n"}, "unknown-key", "knowledge/en/phrases.yaml", 2),
    "month": ({"en/source.yaml": SOURCE.replace("-05", "-13")}, "bad-value", "knowledge/en/source.yaml", 3),
    "placeholder": ({"en/source.yaml": SOURCE.replace("{title}", "{titel}")}, "placeholder", None, 4),
    "placeholder in an answer": ({"en/s/one.yaml": BLOCK.format("{title}")}, "placeholder", None, 5),
    "single brace": ({"en/phrases.yaml": "replies:\n  back: '}'\n"}, "placeholder", None, 2),
    "safety needs lines": ({"en/safety/examples/x.yaml": "messages: [a]\n"}, "missing-key", None, 1),
    "card": ({"en/safety/cards.yaml": CARD.format("{care_team} {crisis_line}")}, "placeholder", None, 6),
    "heading in a card": ({"en/safety/cards.yaml": CARD.format("# x")}, "markdown", None, 6),
    "heading": ({"en/s/one.yaml": BLOCK.format("## Two")}, "markdown", "knowledge/en/s/one.yaml", 5),
    "underlined": ({"en/s/one.yaml": BLOCK.format("----")}, "markdown", "knowledge/en/s/one.yaml", 5),
    "link": ({"en/s/one.yaml": BLOCK.format("see [here](https://a.b)")}, "markdown", None, 5),
    "picture": ({"en/s/one.yaml": BLOCK.format("![a](b.png)")}, "markdown", None, 5),
    "table": ({"en/s/one.yaml": BLOCK.format("| a | b |")}, "markdown", None, 5),
    "html": ({"en/s/one.yaml": BLOCK.format("a<br>b")}, "markdown", None, 5),
    "quotation": ({"en/s/one.yaml": BLOCK.format("> a")}, "markdown", None, 5),
    "code": ({"en/s/one.yaml": BLOCK.format("a `b`")}, "markdown", None, 5),
    "star list": ({"en/s/one.yaml": BLOCK.format("* a")}, "markdown", None, 5),
    "bracket list": ({"en/s/one.yaml": BLOCK.format("1) a")}, "markdown", None, 5),
    "list in a list": ({"en/s/one.yaml": BLOCK.format("- a\n    - b")}, "markdown", None, 6),
    "italics": ({"en/s/one.yaml": BLOCK.format("*a* b")}, "markdown", None, 5),
    "underscores": ({"en/s/one.yaml": BLOCK.format("_a b_ c")}, "markdown", None, 5),
    "bold left open": ({"en/s/one.yaml": BLOCK.format("**a b")}, "markdown", None, 5),
    "bold title": ({"en/s/one.yaml": INTENT.replace("title: A", "title: '**A**'")}, "markdown", None, 1),
}


@pytest.mark.parametrize("name", FITS)
def test_what_does_not_fit_together_is_named(name, make):
    """Every fault of a folder gives its rule, at its file and line, and exactly one error of that rule."""
    files, rule, path, line = FITS[name]
    base, problems = knowledge.inspect(make(files=files))
    assert base is None
    found = [problem for problem in problems if problem.rule == rule and problem.line == line]
    assert found, problems
    assert path in (None, found[0].path)


def test_what_may_stand_in_an_answer_is_let_through(make):
    """Paragraphs, both lists, bold, and signs that are no Markdown."""
    text = (
        "**One** (1, < 5 > 3) & two_three.\n\n  - a **b c**\n  - d\n\n  1. e\n  2. f\n\n  3 - 2, a|b, [x], #1 and 5 %"
    )
    assert knowledge.load(make(files={"en/s/one.yaml": BLOCK.format(text)}))


def test_a_broken_file_is_no_reason_to_call_its_links_broken(make):
    """The id of an intent comes from its file's name, so only the file itself is named."""
    files = {"en/s/one.yaml": "title: [", "en/s/two.yaml": INTENT + "follow_ups: [s.one]\n"}
    _, problems = knowledge.inspect(make(files=files))
    assert {problem.path for problem in problems} == {"knowledge/en/s/one.yaml"}


def test_load_raises_with_every_problem(make):
    """The sentence names the first one and counts the rest."""
    root = make(files={"en/s/one.yaml": INTENT + "titel: x\nsorce: y\n"})
    with pytest.raises(KnowledgeError, match=r"one.yaml:7: error: `titel` .* and 1 more\.") as caught:
        knowledge.load(root)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("lang", ["de", "..", "", "../en", "en/s", "EN\x00"])
def test_a_language_that_is_not_there_is_a_problem(lang, make):
    """Also one that tries to leave the folder."""
    base, problems = knowledge.inspect(make(), lang)
    assert base is None
    assert [problem.rule for problem in problems] == ["missing-folder"]


def test_links_that_lead_out_are_refused_for_folders_too(make, tmp_path):
    """A folder elsewhere, and one that holds itself."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "two.yaml").write_text(INTENT)
    root = make()
    (root / "en" / "t").symlink_to(tmp_path / "secret")
    (root / "en" / "u").symlink_to(root / "en" / "u")
    (root / "en" / "s" / "v").symlink_to(root / "en")
    base, problems = knowledge.inspect(root)
    assert base is None
    assert [(problem.path, problem.rule) for problem in problems] == [
        ("knowledge/en/s/v", "stray-folder"),
        ("knowledge/en/t", "outside"),
        ("knowledge/en/u", "outside"),
    ]


def test_other_files_are_only_pointed_at(make):
    """A note beside the files is a warning, a hidden file nothing."""
    base, problems = knowledge.inspect(make(files={"en/README.md": "x", "en/s/.swp": "x", ".git": "x"}))
    assert base
    assert [(problem.path, problem.level) for problem in problems] == [("knowledge/en/README.md", "warning")]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_a_problem(make):
    """Its files cannot even be listed."""
    root = make()
    (root / "en" / "s").chmod(0)
    try:
        _, problems = knowledge.inspect(root)
    finally:
        (root / "en" / "s").chmod(0o700)
    assert "unreadable" in {problem.rule for problem in problems}


def test_the_digest_names_the_content(make):
    """It is the same for the same files and another for any change of a byte or a name."""
    root = make(files={"en/s/two.yaml": INTENT})
    first = knowledge.load(root).digest
    assert first == knowledge.load(root).digest
    (root / "en" / "s" / "one.yaml").write_text(INTENT + "# x\n")
    second = knowledge.load(root).digest
    (root / "en" / "s" / "two.yaml").rename(root / "en" / "s" / "three.yaml")
    assert len({first, second, knowledge.load(root).digest}) == 3
    assert len(first) == 64


def test_the_default_folder_is_the_nearest_one(tmp_path, monkeypatch):
    """Here, then the installed copy, then the checkout; none is an error that says what to do."""
    package = tmp_path / "site" / "bot"
    package.mkdir(parents=True)
    monkeypatch.setattr(bot, "__file__", str(package / "__init__.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KnowledgeError, match="--knowledge"):
        knowledge.default_folder()
    for path in (tmp_path / "site" / "knowledge", package / "_knowledge", tmp_path / "knowledge"):
        path.mkdir()
        assert knowledge.default_folder().resolve() == path


def test_the_schema_for_editors_follows_the_files(make):
    """It names the keys of an intent file and refuses others."""
    schema = knowledge.json_schema()
    assert list(schema["properties"])[:5] == ["title", "answer", "follow_ups", "source", "questions"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["title", "answer", "source", "questions"]


def test_the_shipped_knowledge_loads_whole():
    """All of it, with safety."""
    base = knowledge.load(SHIPPED)
    assert len(base.intents) > 100
    assert base.safety.cards
    assert all(base.broad(section.id).section == section.id for section in base.topics())
