"""The program as a whole: its commands, what goes to which stream, and its exit codes."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import knowledge, settings
from bot.assistant import open_assistant
from bot.cli import app, main
from bot.cli.ask import answer_lines
from tests.test_encoder import write_model


@pytest.fixture
def faqbot(monkeypatch, capsys, small_knowledge):
    """Runs the program in this process on the small knowledge; `.code`, `.out` and `.err` are what came of it."""
    monkeypatch.setenv("FAQBOT_KNOWLEDGE", str(small_knowledge))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments, typed=""):
        monkeypatch.setattr(sys, "argv", ["faqbot", *map(str, arguments)])
        raw = typed if isinstance(typed, bytes) else typed.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return SimpleNamespace(code=left.value.code, out=out, err=err)

    return run


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_question_is_answered_with_its_small_print(faqbot):
    ran = faqbot("ask", "what is a hive?")
    assert ran.code == 0
    assert ran.err == ""
    assert "A hive is a home for bees:" in ran.out
    assert "Ask a beekeeper." in ran.out


def test_json_has_exactly_the_fixed_fields(faqbot):
    (record,) = records(faqbot("ask", "--json", typed='{"id": "q1", "text": "what is a hive?"}').out)
    assert list(record) == ["id", "outcome", "sections", "intents", "options", "safety", "score", "reply"]
    assert record | {"score": 0, "reply": ""} == {
        "id": "q1",
        "outcome": "answer",
        "sections": ["hive"],
        "intents": ["hive.what"],
        "options": [],
        "safety": None,
        "score": 0,
        "reply": "",
    }
    assert 0 < record["score"] <= 1
    assert record["reply"].startswith("What a hive is\nA hive is a home for bees:")


def test_lines_of_one_chat_are_one_conversation_and_lines_without_are_none(faqbot):
    lines = [
        {"id": 1, "chat": "a", "text": "what is a hive?"},
        {"id": 2, "text": "1"},
        {"id": 3, "chat": "b", "text": "what is honey?"},
        {"id": 4, "chat": "a", "text": "1"},
        {"id": 5, "chat": "b", "text": "1"},
    ]
    found = records(faqbot("ask", "--json", typed="\n".join(map(json.dumps, lines))).out)
    assert [record["id"] for record in found] == [1, 2, 3, 4, 5]
    assert [record["intents"] for record in found] == [
        ["hive.what"],
        [],
        ["honey.what"],
        ["honey.what"],
        ["hive.what"],
    ]


def test_a_broken_line_costs_only_itself(faqbot):
    typed = b'{"id": "a", "text": "what is honey?"}\n{broken\n\n[1]\n{"id": "b"}\n\xff\n' + b"[" * 100_000
    ran = faqbot("ask", "--json", typed=typed + b'\n{"id": "c", "text": "what is a hive?"}\n')
    assert ran.code == 1
    assert [record["id"] for record in records(ran.out)] == ["a", "c"]
    assert [record["line"] for record in records(ran.err)] == [2, 4, 5, 6, 7]
    assert all(set(record) == {"line", "error"} for record in records(ran.err))


def test_half_a_surrogate_pair_comes_back_as_it_went_in(faqbot):
    ran = faqbot("ask", "--json", typed='{"id": "\\ud800", "text": "\\ud800 what is honey?"}')
    assert ran.code == 0
    assert records(ran.out)[0]["id"] == "\ud800"


def test_each_line_is_answered_before_the_next_is_read(shipped):
    seen = []

    class Lines:
        def __iter__(self):
            for number in range(3):
                seen.append(out.getvalue().count(b"\n"))
                yield json.dumps({"id": number, "text": "hello"}).encode()

    out = io.BytesIO()
    assert answer_lines(shipped, Lines(), out, io.BytesIO())
    assert seen == [0, 1, 2]


def test_a_chat_through_a_pipe_reads_like_a_transcript(faqbot):
    ran = faqbot("chat", typed="what is a hive?\n1\n\n/quit\nnever read\n")
    assert ran.code == 0
    assert ran.out.index("› what is a hive?") < ran.out.index("A hive is") < ran.out.index("Honey is food")
    assert "never read" not in ran.out
    assert "\x1b" not in ran.out


def test_without_a_command_and_a_token_it_is_a_chat(faqbot):
    ran = faqbot(typed="what is honey?\n")
    assert ran.code == 0
    assert "Honey is food" in ran.out


def test_check_finds_nothing_in_order_and_something_out_of_order(faqbot, tmp_path):
    ran = faqbot("check", "--format", "json")
    levels = {problem["level"] for problem in json.loads(ran.out)}
    assert ran.code == 0
    assert levels <= {"warning"}
    assert faqbot("check", "--strict").code == int(bool(levels))
    (tmp_path / "en").mkdir()
    ran = faqbot("check", "--knowledge", tmp_path)
    assert ran.code == 1
    assert "source.yaml" in ran.out


def test_schema_is_json_schema_of_an_intent(faqbot):
    schema = json.loads(faqbot("schema").out)
    assert {"title", "answer", "questions"} <= schema["properties"].keys()


def test_explain_shows_what_was_mended_matched_and_decided(faqbot):
    ran = faqbot("explain", "what is a hvie?")
    assert ran.code == 0
    assert "before mending    what is a hvie" in ran.out
    assert "hive.what" in ran.out
    assert "outcome           answer" in ran.out
    assert "split into" not in ran.out
    ran = faqbot("explain", "I have a garden. What is a hive? And what is honey?")
    assert "hive.what: What is a hive?" in ran.out
    assert "honey.what: And what is honey?" in ran.out


def test_calibrate_writes_one_file_for_words_and_one_for_a_sentence_model(
    faqbot, monkeypatch, tmp_path, small_knowledge
):
    folder, sentences = tmp_path / "knowledge", tmp_path / "sentences"
    shutil.copytree(small_knowledge, folder)
    sentences.mkdir()
    write_model(sentences)
    ours = [{"id": f"o{n}", "text": text, "labels": ["hive"]} for n, text in enumerate(["a hive?", "hive", "the hive"])]
    others = [{"id": f"x{n}", "text": text, "labels": ["oos"]} for n, text in enumerate(["cars", "rain", "a boat"])]
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text("\n".join(map(json.dumps, ours + others)))
    ran = faqbot("calibrate", "--dry-run", "--knowledge", folder, labelled)
    assert ran.code == 0
    assert "3 questions of ours, 3 others" in ran.out
    assert not (folder / "en" / "calibration.yaml").exists()
    assert faqbot("calibrate", "--knowledge", folder, labelled).code == 0
    words = knowledge.load(folder)
    monkeypatch.setenv("FAQBOT_SEMANTIC_MODEL", str(sentences))
    assert faqbot("calibrate", "--knowledge", folder, labelled).code == 0
    both = knowledge.load(folder)
    assert both.calibration == words.calibration
    assert both.semantic_calibration != words.calibration
    assert both.digest == words.digest
    opened = open_assistant(settings.read(), folder)
    assert opened.kb.calibration == both.semantic_calibration
    labelled.write_text(json.dumps(ours[0]))
    assert "needs both" in faqbot("calibrate", "--knowledge", folder, labelled).err


def test_eval_prints_keeps_compares_and_gates(faqbot, tmp_path):
    cases = tmp_path / "bees.jsonl"
    items = [("a", "what is a hive?", "hive"), ("b", "what is honey?", "honey"), ("c", "what is honey?", "hive")]
    cases.write_text("\n".join(json.dumps({"id": i, "text": t, "labels": [s], "kind": "clean"}) for i, t, s in items))
    report = faqbot("eval", cases, "--json")
    assert report.code == 0
    assert json.loads(report.out)["figures"]["bees.in_scope.right"]["count"] == 2
    earlier = tmp_path / "earlier.json"
    earlier.write_text(report.out)
    printed = faqbot("eval", cases, "--compare", earlier)
    assert "66.7%" in printed.out
    assert "(same)" in printed.out
    assert "bees/c" in printed.out
    gate = tmp_path / "gate.json"
    gate.write_text('{"minimum": {"bees.in_scope.right": 0.6}}')
    assert faqbot("eval", cases, "--gate", gate).code == 0
    gate.write_text('{"minimum": {"bees.in_scope.right": 0.7}}')
    broken = faqbot("eval", cases, "--gate", gate)
    assert broken.code == 1
    assert "Gate broken: bees.in_scope.right is 66.7%, its minimum 70.0%" in broken.err


def test_eval_can_leave_each_example_out(faqbot):
    ran = faqbot("eval", "--leave-one-out", "--groups", "2", "--json")
    assert ran.code == 0
    report = json.loads(ran.out)
    asked = {key.partition("#")[0].partition("/")[0] for key in report["verdicts"]}
    assert {"hive.what", "honey.what"} <= asked
    assert not any(name.startswith(("talk.", "cue.")) for name in asked)
    assert 0 < report["figures"]["knowledge.in_scope.right"]["total"] <= len(report["verdicts"])


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "says"),
    [
        (["ask"], {}, 2, "Give one question"),
        (["ask", "--json", "both"], {}, 2, "Give one question"),
        (["nonsense"], {}, 2, "No such command"),
        (["eval", "missing.jsonl"], {}, 2, "there is no such file"),
        (["ask", "x", "--lang", "xx"], {}, 1, "no folder for the language"),
        (["ask", "x"], {"FAQBOT_FEVER_C": "50"}, 2, "FAQBOT_FEVER_C must be"),
        (["ask", "x"], {"FAQBOT_DATA": "/proc/nowhere"}, 2, "FAQBOT_DATA must be a folder"),
        (["run"], {}, 2, "TELEGRAM_BOT_TOKEN"),
    ],
)
def test_an_expected_error_is_a_sentence_and_an_exit_code(faqbot, monkeypatch, arguments, settings, code, says):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    ran = faqbot(*arguments)
    assert ran.code == code
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_every_problem_of_broken_knowledge_is_named(faqbot, tmp_path):
    (tmp_path / "en" / "hive").mkdir(parents=True)
    (tmp_path / "en" / "source.yaml").write_text("title: Bees\nwhat: is this\n")
    ran = faqbot("ask", "x", "--knowledge", tmp_path)
    assert ran.code == 1
    assert ran.err.count("source.yaml:") > 1


def test_a_bug_is_named_without_its_message_which_may_hold_what_was_written(faqbot, monkeypatch):
    def broken(*_):
        raise RuntimeError("my " + "name is in here")

    monkeypatch.setattr("bot.assistant.Assistant.reply", broken)
    ran = faqbot("ask", "what is honey?")
    assert ran.code == 3
    assert "RuntimeError" in ran.err
    assert "my name" not in ran.err


def test_an_interruption_is_130(faqbot, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.assistant.Assistant.reply", interrupted)
    ran = faqbot("ask", "what is honey?")
    assert ran.code == 130
    assert "Traceback" not in ran.err


def test_every_command_has_help_and_the_common_options():
    names = set()
    for command in app.registered_commands:
        name = str(command.name or getattr(command.callback, "__name__", ""))
        names.add(name)
        assert command.callback.__doc__, name
        if name != "schema":
            assert {"knowledge", "lang"} <= command.callback.__annotations__.keys(), name
    assert names >= {"run", "chat", "ask", "check", "eval", "schema"}


def test_the_program_runs_from_anywhere_as_a_module(tmp_path, small_knowledge):
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "FAQBOT_KNOWLEDGE": str(small_knowledge)}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "what is a hive?"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "A hive is a home for bees" in ran.stdout


def test_version(faqbot):
    from bot import __version__

    ran = faqbot("--version")
    assert (ran.code, ran.out) == (0, f"faqbot {__version__}\n")
