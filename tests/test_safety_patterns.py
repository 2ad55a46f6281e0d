"""The little language of the flags: words, stems, slips, lists, and parts near each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.lexicon import Lexicon, one_slip
from bot.safety.patterns import PatternError, Patterns
from bot.safety.words import read

LISTS = {
    "fillers": ("my", "the", "very"),
    "body": ("leg", "left arm", "<inner>"),
    "inner": ("chest",),
    "loop": ("<loop>",),
    "who": ("he", "she"),
    "breath": ("short", "short of breath"),
}


def found(pattern, text, keep=()):
    patterns = Patterns(LISTS, keep)
    patterns.add("flag", pattern)
    return [read(text).text(hit.start, hit.end) for hit in patterns.find(read(text))]


def test_a_phrase_with_small_words_between():
    assert found("catch breath", "I can't catch my very breath") == ["catch my very breath"]
    assert found("catch breath", "catch a breath") == []
    assert found("catch breath", "catch. breath") == []


def test_a_stem_takes_any_ending():
    assert found("bleed*", "bleeding") == ["bleeding"]
    assert found("bleed", "bleeding") == []


def test_lists_and_lists_in_lists():
    assert found("<body> pain", "left arm pain") == ["left arm pain"]
    assert found("<body> + pain", "pain in the chest") == ["pain in the chest"]
    assert found("<body>", "my leg") == ["leg"]


def test_a_word_and_a_longer_entry_of_one_list_that_begins_with_it():
    assert found("<breath> today", "short of breath today") == ["short of breath today"]
    assert found("<breath> today", "short today") == ["short today"]
    assert found("<breath> + today", "today he is short of breath") == ["today he is short of breath"]


@pytest.mark.parametrize("text", ["swollen on the left side is the calf", "the calf is swollen"])
def test_parts_stand_near_in_any_order(text):
    assert found("calf + swollen", text)


def test_parts_that_are_far_apart_or_in_two_sentences_do_not_count():
    assert found("calf + swollen", "calf a b c d e f g h swollen") == []
    assert found("calf + swollen", "swollen a b c d e f g h calf") == []
    assert found("calf + swollen", "swollen a b c d e f g h i j k l m n o p q calf") == []
    assert found("calf + swollen", "My calf. It was swollen") == []
    assert found("calf + swollen", "Swollen. My calf") == []


def test_seven_words_may_stand_between():
    assert found("calf + swollen", "calf a b c d e f g swollen")
    assert found("calf + swollen", "swollen a b c d e f g calf")


def test_a_part_may_stand_between_two_others():
    assert found("p + q + r", "p r x q") == ["p r x q"]


def test_one_word_cannot_be_two_parts():
    assert found("sw* + swollen", "swollen") == []
    assert found("sw* + swollen", "swollen swollen") == ["swollen swollen"]
    assert found("a + b + a", "b a") == []


def test_each_sentence_counts_once():
    assert len(found("pain", "pain pain. pain")) == 2


def test_each_clause_counts_once():
    assert found("calf + swollen", "calf calf swollen, calf swollen") == ["calf calf swollen", "calf swollen"]
    assert found("swollen", "swollen, so swollen, but swollen swollen") == ["swollen"] * 3


def test_the_core_is_not_who():
    patterns = Patterns(LISTS)
    patterns.add("flag", "<who> + pain")
    (hit,) = patterns.find(read("she is in pain"))
    assert (hit.core, hit.start, hit.end, hit.covers(0, 1), hit.covers(1, 2)) == (3, 0, 4, True, False)
    assert patterns.named == {"who"}


@pytest.mark.parametrize("pattern", ["<nothing>", "", "pain + ", "<loop>"])
def test_a_broken_pattern_is_an_error(pattern):
    with pytest.raises(PatternError):
        Patterns(LISTS).add("flag", pattern)


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("seizure", "siezure"),
        ("seizure", "seizre"),
        ("seizure", "seizuure"),
        ("seizure", "seizune"),
        ("bleeds", "bleds"),
        ("wheezing", "wheesing"),
    ],
)
def test_one_slip_in_a_long_word_is_forgiven(word, typed):
    assert found(word, typed) == [typed]


@pytest.mark.parametrize(("word", "typed"), [("fit", "fin"), ("seizure", "xeizure"), ("seizure", "sizre")])
def test_short_words_first_letters_and_two_slips_are_not(word, typed):
    assert found(word, typed) == []


def test_stems_are_forgiven_a_slip_too():
    assert found("convuls*", "convlusions") == ["convlusions"]
    assert found("convuls*", "conversation") == []
    assert found("convuls*", "covulsing") == ["covulsing"]
    assert found("tablet*", "tabelts") == ["tabelts"]
    assert found("tablet*", "tablecloth") == []


def test_a_dropped_g_is_read():
    assert found("bleeding", "bleedin") == ["bleedin"]
    assert found("seizing", "resin") == []


def test_a_word_of_its_own_is_not_repaired():
    assert found("staring", "starring") == ["starring"]
    assert found("staring", "starring", keep={"starring"}) == []


def test_the_same_atom_has_one_number():
    lexicon = Lexicon()
    assert lexicon.add("pain") == lexicon.add("pain")
    assert lexicon.find("pain") == (0,)


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("fever", "fevr", True),
        ("fever", "feever", True),
        ("fever", "fefer", True),
        ("fever", "fevre", True),
        ("fever", "never", False),
        ("fever", "feeler", False),
        ("fever", "few", False),
    ],
)
def test_what_one_slip_is(left, right, near):
    assert one_slip(left, right) is near


def test_the_memory_for_words_is_bounded(monkeypatch):
    monkeypatch.setattr("bot.safety.patterns._MAX_KNOWN", 3)
    patterns = Patterns(LISTS)
    patterns.add("flag", "pain")
    for text in ("a b c d e", "pain", "f g h pain"):
        patterns.find(read(text))
    assert [hit.start for hit in patterns.find(read("x pain"))] == [1]


@given(st.text(alphabet="abpain .,", max_size=80), st.text(alphabet="abpain .,", max_size=80))
def test_a_word_is_found_wherever_it_stands(before, after):
    assert found("chilblain", f"{before} chilblain {after}")
