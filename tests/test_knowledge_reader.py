"""One file: whatever stands in it, the reader gives a model, or problems with the right rule and line."""

import os
from typing import Any

import pytest
import yaml

from bot.knowledge import reader
from bot.knowledge.schema import IntentFile, PhrasesFile, SectionFile

GOOD = "title: A\nanswer: B\nsource: C\nquestions:\n  - D\n"
BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))


@pytest.fixture(params=["c", "python"])
def parser(request, monkeypatch):
    """Both parsers of PyYAML: the one in C, and the one that is there when it was built without it."""
    if request.param == "python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    return request.param


@pytest.fixture
def look(tmp_path):
    """Reads a text as one file and gives the model and its problems as (rule, line)."""

    def read(content, schema=IntentFile):
        root = tmp_path / "knowledge"
        root.mkdir(exist_ok=True)
        path = root / "x.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        problems: list[Any] = []
        model = reader.read(path, root, schema, problems)
        assert all(problem.path == "knowledge/x.yaml" for problem in problems)
        return model, problems

    return read


BROKEN = {
    "empty": ("", "empty-file", 1),
    "only a comment": ("# nothing\n", "empty-file", 1),
    "a list": ("- a\n- b\n", "wrong-type", 1),
    "a word": ("hello", "wrong-type", 1),
    "missing key": (GOOD.replace("answer: B\n", ""), "missing-key", 1),
    "unknown key": (GOOD + "titel: A\n", "unknown-key", 6),
    "duplicate key": (GOOD + "title: E\n", "duplicate-key", 6),
    "key that is no text": (GOOD + "no: E\n", "quote-it", 6),
    "key that is a list": (GOOD + "? [a, b]\n: E\n", "quote-it", 6),
    "questions: yes": (GOOD.replace("\n  - D", " yes"), "wrong-type", 4),
    "question yes": (GOOD + "  - yes\n", "quote-it", 6),
    "question 12:30": (GOOD + "  - 12:30\n", "quote-it", 6),
    "question 7": (GOOD + "  - 7\n", "quote-it", 6),
    "question 2023-05-01": (GOOD + "  - 2023-05-01\n", "quote-it", 6),
    "question of no text": (GOOD + "  -\n", "empty", 6),
    "no questions": (GOOD.replace("\n  - D", " []"), "empty", 4),
    "question of spaces": (GOOD + "  - '  '\n", "empty", 6),
    "question with a colon": (GOOD + "  - ALL: what is it\n", "wrong-type", 6),
    "question with two colons": (GOOD + "  - ALL: what is it: say\n", "broken-yaml", 6),
    "question in brackets": (GOOD + "  - [what] is it\n", "broken-yaml", 6),
    "question half quoted": (GOOD + '  - "what" is it\n', "broken-yaml", 6),
    "question with @": (GOOD + "  - @what is it\n", "broken-yaml", 6),
    "question with !": (GOOD + "  - !what is it\n", "tag", 6),
    "question with *": (GOOD + "  - *what is it\n", "alias", 6),
    "question with **": (GOOD + "  - **what** is it\n", "broken-yaml", 6),
    "question cut at #": (GOOD + "  - what about day #8\n", None, None),
    "quote left open": (GOOD + "  - 'what is it\n  - more\n", "broken-yaml", 6),
    "tab": (GOOD + "\t- what\n", "broken-yaml", 6),
    "indent": (GOOD + " - what\n", "broken-yaml", 6),
    "two documents": (GOOD + "---\n" + GOOD, "broken-yaml", 6),
    "anchor": (GOOD + "short: &a x\n", "alias", 6),
    "merge": (GOOD + "<<: {short: x}\n", "quote-it", 6),
    "python object": (GOOD + "short: !!python/object/apply:os.system ['true']\n", "tag", 6),
    "bad escape": (GOOD + 'short: "a\\qb"\n', "broken-yaml", 6),
    "escape out of range": (GOOD + 'short: "a\\UFFFFFFFFb"\n', "broken-yaml", None),
    "escape to nothing": (GOOD + 'short: "a\\0b"\n', "invisible-character", 6),
    "huge version": ("%YAML 1." + "1" * 5000 + "\n---\na: b\n", "broken-yaml", 1),
    "id of a follow-up": (GOOD + "follow_ups: [Chemo.How]\n", "bad-value", 6),
    "too many follow-ups": (GOOD + "follow_ups: [a.b, a.c, a.d, a.e, a.f]\n", "bad-value", 6),
    "image that is no photo": (GOOD + "image: x.svg\n", "bad-value", 6),
    "image elsewhere": (GOOD + "image: ../x.png\n", "bad-value", 6),
    "title on two lines": (GOOD.replace("title: A", 'title: "A\\nB"'), "bad-value", 1),
    "deep nesting": ("[" * 5000, "too-deep", 1),
    "deep blocks": ("- " * 5000, "too-deep", 1),
    "deep mappings": ("{a: " * 5000, "too-deep", 1),
    "too many values": (f"questions: [{'a,' * 21_000}]", "too-many", 1),
    "bomb": (BOMB, "alias", 1),
    "latin-1": (GOOD.encode() + b"  - caf\xe9\n", "not-utf8", 6),
    "utf-16": (GOOD.encode("utf-16"), "not-utf8", 1),
    "zero byte": (GOOD.encode() + b"  - a\x00b\n", "invisible-character", 6),
    "bidi override": (GOOD + "  - a\u202eb\n", "invisible-character", 6),
    "more than 1 MB": (GOOD + "#" * 1_000_000, "too-big", 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_with_rule_and_line(name, look, parser):
    """Each broken snippet gives its rule at its line, and no model; the cut at # is a warning, and gives one."""
    content, rule, line = BROKEN[name]
    model, problems = look(content)
    if rule is None:
        assert model is not None
        assert [(problem.rule, problem.line, problem.level) for problem in problems] == [("comment", 6, "warning")]
        return
    assert model is None
    found = {problem.rule: problem.line for problem in problems if problem.level == "error"}
    assert rule in found, problems
    assert line in (None, found[rule]), problems
    assert all(problem.message[0].isupper() or problem.message[0] == "`" for problem in problems)


def test_all_problems_of_a_file_come_at_once(look):
    """Nobody has to mend one thing to learn of the next."""
    _, problems = look("titel: A\nanswer: no\nsource: C\nquestions:\n  - 7\n  - b: c\nsource: D\n")
    assert [(problem.line, problem.rule) for problem in sorted(problems, key=lambda problem: problem.line)] == [
        (1, "missing-key"),
        (1, "unknown-key"),
        (2, "quote-it"),
        (5, "quote-it"),
        (6, "wrong-type"),
        (7, "duplicate-key"),
    ]


def test_a_key_that_comes_again_and_again_points_to_the_first(look):
    """That is the one which would be kept."""
    _, problems = look(GOOD + "title: E\ntitle: F\n")
    assert [problem.line for problem in problems] == [6, 7]
    assert all("after line 1:" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("content", "schema", "said"),
    [
        (GOOD + "titel: A\n", IntentFile, "did you mean `title`?"),
        (GOOD + "zzz: A\n", IntentFile, "known are title, answer, follow_ups"),
        ("smalltalk:\n  thanks:\n    repli: A\n", PhrasesFile, "did you mean `reply`?"),
        (GOOD + "  - no\n", IntentFile, "write 'no', in quotes"),
        (GOOD + "short:\n", IntentFile, "`short` has no value"),
        ("replies:\n  'Fall Back': A\n", PhrasesFile, "a name has only a-z, 0-9 and _"),
        ("title: A\norder: x\nbroad: b\n", SectionFile, "`order` is wrong: Input should be a valid integer"),
    ],
)
def test_a_message_says_what_to_do(content, schema, said, look):
    """The hint is in the sentence."""
    _, problems = look(content, schema)
    assert any(said in problem.message for problem in problems), problems


def test_a_good_file_is_read_as_it_stands(look, parser):
    """Block texts, quoted words that YAML would convert, a byte order mark and Windows line ends."""
    text = (
        GOOD.replace("answer: B", "answer: |\n  One.\n\n  - **two**\n")
        + "  - 'yes'\n  - 'day #8'\n  - it's 5 o'clock\n"
    )
    model, problems = look(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert problems == []
    assert model.answer == "One.\n\n- **two**"
    assert model.questions == ("D", "yes", "day #8", "it's 5 o'clock")


def test_numbers_are_read_where_they_are_wanted(look):
    """`order` is a number, and an octal look-alike or a yes is none."""
    model, problems = look("title: A\nbroad: b\norder: 12\n", SectionFile)
    assert (model.order, problems) == (12, [])
    for odd in ("012", "yes", "'3'", "1.5", "1_000", "9" * 5000):
        model, problems = look(f"title: A\nbroad: b\norder: {odd}\n", SectionFile)
        assert model is None
        assert [(problem.rule, problem.line) for problem in problems] == [("bad-value", 3)]


@pytest.mark.parametrize("kind", ["folder", "pipe", "missing", "dangling", "loop", "outside"])
def test_what_is_no_readable_file_is_a_problem(kind, tmp_path):
    """Whatever has the file's name: nothing is waited for, followed out of the folder, or raised."""
    root = tmp_path / "knowledge"
    root.mkdir()
    path = root / "x.yaml"
    secret = tmp_path / "secret.yaml"
    secret.write_text(GOOD)
    {
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "missing": lambda: None,
        "dangling": lambda: path.symlink_to(root / "none"),
        "loop": lambda: path.symlink_to(path),
        "outside": lambda: path.symlink_to(secret),
    }[kind]()
    problems: list[Any] = []
    assert reader.read(path, root, IntentFile, problems) is None
    rules = {"folder": "not-a-file", "pipe": "not-a-file", "loop": "unreadable", "outside": "outside"}
    assert [problem.rule for problem in problems] == [rules.get(kind, "missing-file")]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_problem(look, tmp_path):
    """The message gives the reason that the system gave."""
    look(GOOD)
    path = tmp_path / "knowledge" / "x.yaml"
    path.chmod(0)
    problems: list[Any] = []
    assert reader.read(path, path.parent, IntentFile, problems) is None
    assert problems[0].rule == "unreadable"
    assert "Permission denied" in problems[0].message


def test_a_link_inside_the_folder_is_followed(tmp_path):
    """A mounted Kubernetes ConfigMap consists of such links."""
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "x.yaml").write_text(GOOD)
    (tmp_path / "x.yaml").symlink_to("..data/x.yaml")
    problems: list[Any] = []
    assert reader.read(tmp_path / "x.yaml", tmp_path, IntentFile, problems)
    assert problems == []
