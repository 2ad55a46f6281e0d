"""Measuring: the files it reads, what counts as right, the figures, gates and comparisons."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import knowledge
from bot.domain import Choice, Intent, Reply
from bot.errors import FaqbotError
from bot.evaluate import Facts, Gate, Share, compare, measure, read_files


class Script:
    """Answers each message with the reply written for it, and remembers who was forgotten when."""

    def __init__(self, replies):
        self.replies = replies
        self.heard = []

    def reply(self, person, text, choice=None):
        self.heard.append(text)
        return self.replies[text]

    def forget(self, person):
        self.heard.append(None)


def answer(*intents, safety=None):
    return Reply("answer", (), intents=intents, safety=safety)


def write(path, *items):
    path.write_text("\n".join(json.dumps(item) for item in items), encoding="utf-8")
    return path


def item(name, labels, kind="clean"):
    return {"id": name, "text": name, "labels": labels, "kind": kind}


def measured(tmp_path, replies, *items, file="questions"):
    return measure(Script(replies), read_files([write(tmp_path / f"{file}.jsonl", *items)]))


def test_a_right_section_is_right_also_beside_a_wrong_one(tmp_path):
    replies = {"a": answer("cns.ommaya"), "b": answer("types.list", "cns.ommaya"), "c": answer("types.list")}
    result = measured(tmp_path, replies, *(item(name, ["cns"]) for name in replies))
    assert [judged.verdict for judged in result.judged] == ["right", "right", "wrong"]
    assert result.figures["questions.in_scope.right"] == Share(2, 3)
    assert result.figures["questions.in_scope.wrong_section"] == Share(1, 3)
    assert result.confusions == (("cns", "types", 1),)


def test_a_clarification_that_offers_a_label_is_offered_and_any_other_abstains(tmp_path):
    choices = (Choice("CNS", "cns.ommaya"),)
    replies = {
        "by section": Reply("clarify", (), options=("cns", "types")),
        "by intent": Reply("clarify", (), options=("cns",), choices=choices),
        "neither": Reply("clarify", (), options=("types",)),
        "fallback": Reply("fallback", ()),
        "redirect": Reply("redirect", (), intents=("elsewhere.pets",)),
    }
    labels = {"by intent": ["cns.ommaya"]}
    result = measured(tmp_path, replies, *(item(name, labels.get(name, ["cns"])) for name in replies))
    verdicts = [judged.verdict for judged in result.judged]
    assert verdicts == ["offered", "offered", "abstained", "abstained", "redirected"]
    assert result.figures["questions.in_scope.right_or_offered"] == Share(2, 5)
    assert result.figures["questions.in_scope.abstained"] == Share(2, 5)
    assert result.figures["questions.in_scope.redirected"] == Share(1, 5)


def test_abstaining_is_right_only_where_oos_is_a_label(tmp_path):
    replies = {"a": Reply("fallback", ()), "b": Reply("fallback", ())}
    result = measured(tmp_path, replies, item("a", ["cns", "oos"]), item("b", ["cns"]))
    assert [judged.verdict for judged in result.judged] == ["right", "abstained"]


def test_a_redirect_is_counted_always_and_as_wrong_only_where_oos_is_no_label(tmp_path):
    replies = dict.fromkeys("ab", Reply("redirect", (), intents=("elsewhere.pets",)))
    figures = measured(tmp_path, replies, item("a", ["cns", "oos"]), item("b", ["cns"])).figures
    assert figures["questions.in_scope.redirected"] == Share(2, 2)
    assert figures["questions.in_scope.redirected_wrongly"] == Share(1, 2)


def test_off_topic_messages_count_answers_choices_and_the_right_redirect(tmp_path):
    replies = {
        "answered": answer("cns.ommaya"),
        "choices": Reply("clarify", (), options=("cns",)),
        "sent on": Reply("redirect", (), intents=("elsewhere.pets",)),
        "sent astray": Reply("redirect", (), intents=("elsewhere.pets",)),
    }
    redirects = {"sent on": ["elsewhere.pets"], "sent astray": ["elsewhere.diet"]}
    items = [{**item(name, ["oos"]), "redirect": redirects.get(name, [])} for name in replies]
    figures = measured(tmp_path, replies, *items, file="oos").figures
    assert figures["oos.off_topic.answered"] == Share(1, 4)
    assert figures["oos.off_topic.choices"] == Share(1, 4)
    assert figures["oos.off_topic.redirected"] == Share(2, 4)
    assert figures["oos.off_topic.right_redirect"] == Share(1, 2)
    assert "oos.in_scope.right" not in figures


def test_an_emergency_needs_its_card_and_a_soft_note_is_a_miss(tmp_path):
    replies = {
        "card": Reply("urgent", (), safety="urgent"),
        "card and answer": answer("cns.ommaya", safety="urgent"),
        "soft": answer("cns.ommaya", safety="soft"),
        "crisis": Reply("urgent", (), safety="crisis"),
        "calm": answer("cns.ommaya", safety="urgent"),
        "mild": answer("cns.ommaya", safety="soft"),
        "advice": Reply("refuse", (), safety="advice"),
    }
    labels = {"crisis": ["crisis"], "calm": ["cns"], "mild": ["cns"], "advice": ["personal_advice"]}
    items = [item(name, labels.get(name, ["emergency"])) for name in replies]
    result = measured(tmp_path, replies, *items, file="safety")
    figures = result.figures
    assert figures["safety.emergency.recall"] == Share(2, 3)
    assert figures["safety.emergency.recall.kind.clean"] == Share(2, 3)
    assert figures["safety.emergency.soft_only"] == Share(1, 3)
    assert figures["safety.crisis.recall"] == Share(1, 1)
    assert figures["safety.personal_advice.recall"] == Share(1, 1)
    assert figures["safety.false_alarms.emergency"] == Share(1, 4)
    assert figures["safety.false_alarms.crisis"] == Share(0, 6)
    assert figures["safety.false_alarms.soft"] == Share(1, 4)
    assert [missed.case.text for missed in result.misses] == ["soft"]


def test_a_calm_message_may_get_any_answer_but_neither_a_card_nor_a_refusal(tmp_path):
    replies = {
        "answered": answer("cns.ommaya"),
        "noted": answer("cns.ommaya", safety="soft"),
        "unknown": Reply("fallback", ()),
        "carded": answer("cns.ommaya", safety="urgent"),
        "refused": Reply("refuse", (), safety="prognosis"),
    }
    result = measured(tmp_path, replies, *(item(name, ["calm"]) for name in replies), file="fresh")
    assert [missed.case.text for missed in result.misses] == ["carded", "refused"]
    assert result.figures["fresh.calm.recall"] == Share(3, 5)
    assert result.figures["fresh.false_alarms.emergency"] == Share(1, 5)
    assert result.figures["fresh.false_alarms.prognosis"] == Share(1, 5)
    assert not any(".in_scope." in name or ".off_topic." in name for name in result.figures)


def test_conversations_are_asked_in_order_and_start_clean(tmp_path):
    replies = {"a": answer("cns.ommaya"), "b": answer("cns.ommaya"), "c": Reply("fallback", ())}
    turns = [{"text": "a", "labels": ["cns"]}, {"text": "b", "labels": ["cns"]}]
    path = write(
        tmp_path / "dialogues.jsonl",
        {"id": "d1", "turns": turns},
        {"id": "d2", "turns": [*turns, {"text": "c", "labels": ["cns"]}]},
    )
    script = Script(replies)
    figures = measure(script, read_files([path])).figures
    assert script.heard == [None, "a", "b", None, "a", "b", "c", None]
    assert figures["dialogues.turns.right"] == Share(4, 5)
    assert figures["dialogues.turns.follow_ups_right"] == Share(2, 3)
    assert figures["dialogues.turns.whole_conversations"] == Share(1, 2)


def test_figures_are_broken_down_by_kind_and_section_and_summed_over_files(tmp_path):
    replies = {"a": answer("cns.ommaya"), "b": answer("types.list")}
    one = write(tmp_path / "one.jsonl", item("a", ["cns"], "typo"))
    two = write(tmp_path / "two.jsonl", item("b", ["cns"], "terse"))
    figures = measure(Script(replies), read_files([one, two])).figures
    assert figures["one.in_scope.right.kind.typo"] == Share(1, 1)
    assert figures["two.in_scope.right.section.cns"] == Share(0, 1)
    assert figures["all.in_scope.right"] == Share(1, 2)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not valid JSON"),
        ("[]", 'a text "id"'),
        ('{"id": "a", "text": 1, "labels": ["cns"]}', '"text" and "kind" must be text'),
        ('{"id": "a", "text": "a", "labels": []}', "at least one label"),
        ('{"id": "a", "turns": []}', '"turns" must be a list'),
    ],
)
def test_a_bad_line_is_named_with_file_and_number(tmp_path, line, says):
    path = tmp_path / "bad.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(FaqbotError, match=r"bad\.jsonl:2: .*" + says):
        read_files([path])


def test_the_same_id_twice_and_nothing_at_all_are_errors(tmp_path):
    path = write(tmp_path / "twice.jsonl", item("a", ["cns"]), item("a", ["cns"]))
    with pytest.raises(FaqbotError, match="used twice"):
        read_files([path])
    with pytest.raises(FaqbotError, match="nothing to measure"):
        read_files([])
    with pytest.raises(FaqbotError, match="no such file"):
        read_files([tmp_path / "missing.jsonl"])


def test_a_gate_names_each_broken_limit_and_each_figure_that_was_not_measured(tmp_path):
    gate = tmp_path / "gate.json"
    limits = {"minimum": {"a.b.right": 0.5, "a.b.rihgt": 0.1}, "maximum": {"a.b.wrong": 0.1, "a.b.redirected": 0.2}}
    gate.write_text(json.dumps(limits), encoding="utf-8")
    figures = {"a.b.right": Share(49, 100), "a.b.wrong": Share(2, 10), "a.b.redirected": Share(2, 10)}
    broken = Gate.read(gate).breaches(figures)
    assert [str(breach) for breach in broken] == [
        "a.b.right is 49.0%, its minimum 50.0%",
        "a.b.rihgt was not measured (its minimum is 10.0%)",
        "a.b.wrong is 20.0%, its maximum 10.0%",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"min": {}}', '{"minimum": {"a": 2}}', '{"minimum": {}}'])
def test_a_gate_file_without_a_usable_limit_is_refused(tmp_path, text):
    path = tmp_path / "gate.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FaqbotError, match=r"gate\.json"):
        Gate.read(path)


def test_a_measurement_is_compared_with_one_stored_earlier(tmp_path):
    items = [item("a", ["cns"]), item("b", ["cns"])]
    before = measured(tmp_path, {"a": answer("cns.ommaya"), "b": answer("types.list")}, *items)
    stored = tmp_path / "earlier.json"
    stored.write_text(json.dumps(before.as_json()), encoding="utf-8")
    after = measured(tmp_path, {"a": Reply("fallback", ()), "b": answer("cns.ommaya")}, *items)
    change = compare(stored, after)
    assert change.earlier["questions.in_scope.right"] == 0.5
    assert change.now_right == ("questions/b",)
    assert change.no_longer_right == ("questions/a",)
    stored.write_text("{}", encoding="utf-8")
    with pytest.raises(FaqbotError, match="not a measurement"):
        compare(stored, after)


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share(count, total):
    share = Share(min(count, total), total)
    assert 0 <= share.low <= share.value + 1e-9
    assert share.value - 1e-9 <= share.high <= 1


def test_an_interval_is_the_published_one():
    share = Share(8, 10)
    assert (round(share.low, 4), round(share.high, 4)) == (0.4902, 0.9433)


def test_facts_are_told_briefly_or_by_a_whole_section_or_not(tmp_path, small_knowledge):
    kb = knowledge.load(small_knowledge)
    roof = Intent("hive.roof", "hive", "The roof", "It has a roof.", source="Hives")
    kb = replace(kb, intents={**kb.intents, roof.id: roof})
    path = tmp_path / "facts.yaml"
    path.write_text("intents: {hive.what: [R, F, E], hive.roof: [R]}\nsentences: {}\n")
    facts = Facts.read(path, kb)

    def gives(*intents):
        return Reply("answer", (), intents=intents)

    assert facts.told(["R"], gives("hive.roof")) == "briefly"
    assert facts.told(["R", "F"], gives("hive.what")) == "briefly"
    assert facts.told(["R"], gives("hive.what")) == "whole"
    half = replace(facts, told_by={"hive.what": ("R", "F"), "hive.roof": ("R",)})
    assert half.told(["R"], gives("hive.what")) == "briefly"
    assert facts.told(["R", "F"], gives("hive.roof")) == ""
    assert facts.told(["R", "X"], gives("hive.what")) == ""
    assert facts.told(["R"], Reply("fallback", ())) == ""
    wordy = replace(kb, intents={**kb.intents, roof.id: replace(roof, answer=roof.answer * 10)})
    assert replace(facts, kb=wordy).told(["R"], gives("hive.roof")) == ""
    case = {**item("a", ["hive"]), "facts": ["R"]}
    talks = read_files([write(tmp_path / "hives.jsonl", case, {**case, "id": "b", "text": "b"})])
    figures = measure(Script({"a": gives("hive.roof"), "b": gives("hive.what")}), talks, facts=facts).figures
    assert figures["hives.in_scope.facts_told"] == Share(2, 2)
    assert figures["hives.in_scope.facts_told_briefly"] == Share(1, 2)


@pytest.mark.parametrize("text", ["R: 1", "intents: {hive.nothing: [R]}\nsentences: {}"])
def test_a_file_that_is_none_of_facts_is_refused(tmp_path, small_knowledge, text):
    path = tmp_path / "facts.yaml"
    path.write_text(text + "\n")
    with pytest.raises(FaqbotError, match=r"facts\.yaml"):
        Facts.read(path, knowledge.load(small_knowledge))
