"""The matcher: reading, repair, training, the cache, and what it says of messages of the shipped knowledge."""

from dataclasses import replace

import pytest

from bot import knowledge
from bot.learning import Features, load, save
from bot.matching import INPUTS, INTERCEPT, Confidence, Evidence, Matcher, examples, restore, train
from bot.matching.lexicon import UNSEEN, Lexicon
from bot.matching.nearest import Nearest
from bot.matching.repair import Repair


@pytest.fixture(scope="module")
def bees(small_knowledge):
    return knowledge.load(small_knowledge)


@pytest.fixture(scope="module")
def matcher(bees):
    return Matcher(bees, train(bees))


@pytest.fixture
def shipped_matcher(shipped):
    return shipped.dialogue.matcher


def best(matcher, text, section=""):
    return matcher.match(text, section).sections[0]


def test_the_lexicon_knows_how_rare_a_word_is():
    lexicon = Lexicon.english()
    assert "the" in lexicon
    assert "chmeotherapy" not in lexicon
    assert lexicon.rarity("the") < lexicon.rarity("marrow") < lexicon.rarity("qzxv") == UNSEEN
    assert "x" * 100 not in lexicon
    kept = Lexicon.from_arrays(lexicon.arrays())
    assert kept.rarity("marrow") == lexicon.rarity("marrow")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["chmeotherapy"], ["chemotherapy"]),
        (["stemcell"], ["stem", "cell"]),
        (["vinblastine"], ["vinblastine"]),
        (["trail"], ["trail"]),
        (["q"], ["q"]),
        (["38"], ["38"]),
        (["химия"], ["химия"]),
    ],
)
def test_slips_are_mended_and_real_words_are_not(written, read):
    counts = {"chemotherapy": 9, "stem": 9, "cell": 9, "trial": 9, "vincristine": 9}
    assert Repair(counts, {"trail"}, {"vinblastine"})(written) == read


def test_a_slip_between_two_words_that_must_not_be_mixed_up_is_left_alone():
    counts = {"vincristine": 9, "vinblastine": 9, "remission": 9}
    look_alikes = (("vincristine", "vinblastine"), ("aml", "cml"))
    repair = Repair(counts, (), (), look_alikes=look_alikes)
    assert repair(["vinrastine", "vincristin", "remision", "cml"]) == ["vinrastine", "vincristine", "remission", "cml"]


def test_words_that_must_not_be_mixed_up_are_not_alike():
    words = [["what", "is", "antibodies"], ["what", "is", "this"]]
    rows, _ = Features().fit(words)
    rarity = dict.fromkeys(("what", "is", "antibodies", "this"), 1.0)
    asked = ["what", "is", "antibiotics"]
    mixed = Nearest(rows, words, rarity)(rows[:1], asked)[0]
    apart = Nearest(rows, words, rarity, (("antibodies", "antibiotics"),))(rows[:1], asked)[0]
    assert mixed.example == apart.example == 0
    assert apart.aligned == pytest.approx(2 / 3)
    assert mixed.aligned > 0.9


def test_words_that_ran_together_are_told_apart():
    counts = {"what": 9, "is": 9, "whats": 9, "chemo": 9, "my": 9}
    pairs = {("what", "is"): 0.5}
    repair = Repair(counts, {"sister"}, (), lambda left, right: pairs.get((left, right), 0.0))
    assert repair(["whatis", "mysister", "myhcemo"]) == ["what", "is", "my", "sister", "my", "chemo"]


def test_a_flood_of_unknown_words_is_not_looked_up_for_ever():
    words = [f"zz{chr(97 + n // 26)}{chr(97 + n % 26)}emotherapi" for n in range(400)]
    assert len(Repair({"chemotherapy": 1}, ())(words)) == 400


def test_examples_hold_titles_and_names_each_once(bees):
    texts = [example.text for example in examples(bees)]
    assert len(texts) == len(set(texts))
    assert {"The hive", "hives", "What honey is"} <= set(texts)


def test_a_small_knowledge_is_learnt(matcher):
    assert best(matcher, "where do my bees live").intent == "hive.what"
    assert best(matcher, "how do they make honey").intent == "honey.what"
    assert best(matcher, "where do bees live").phrasing == "where do bees live"


def test_nothing_is_matched_in_nothing(matcher):
    found = matcher.match("")
    assert found.sections[0].score < 0.5
    assert found.reading.words == ()


def test_a_restored_matcher_says_the_same(bees, matcher, tmp_path):
    path = tmp_path / "model.npz"
    save(path, train(bees).arrays())
    kept = load(path)
    assert kept is not None
    again = Matcher(bees, restore(bees, kept))
    for text in ("what is a hive", "sweet", "rain"):
        assert best(again, text).score == pytest.approx(best(matcher, text).score, abs=0.01)


def test_an_incomplete_cache_is_refused(bees):
    arrays = train(bees).arrays()
    with pytest.raises(KeyError):
        restore(bees, {name: array for name, array in arrays.items() if not name.startswith("sections/")})


def test_the_chance_grows_with_the_evidence():
    evidence = Evidence(*([0.5] * len(INPUTS)))
    confidence = Confidence(dict.fromkeys(INPUTS, 0.0) | {"margin": 2.0, INTERCEPT: -1.0})
    assert confidence.chance(evidence) == pytest.approx(0.5)
    assert confidence.chance(replace(evidence, margin=3.0)) > 0.9
    assert 0 < confidence.chance(replace(evidence, margin=-1e9)) < 0.001


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what is chemotherapy", "chemotherapy.what_it_is"),
        ("why does hair fall out from chemo", "chemotherapy.hair_loss"),
        ("what is an ommaya reservoir", "cns.ommaya"),
        ("what is the first phase called", "phases.induction"),
        ("waht is indcution", "phases.induction"),
        ("Gleevec", "targeted.tki"),
        ("who reviewed this text", "source.who_reviewed"),
    ],
)
def test_a_narrow_question_gets_the_narrow_intent(shipped_matcher, text, intent):
    assert best(shipped_matcher, text).intent == intent


@pytest.mark.parametrize(
    "text",
    ["What is the capital of France?", "what is AML", "chemo for my dog", "how are you at chess", "asdf jkl qwer"],
)
def test_what_is_not_ours_has_a_low_chance(shipped_matcher, shipped, text):
    assert best(shipped_matcher, text).score < shipped.dialogue.limits.answer


def test_the_section_talked_about_decides_where_the_message_does_not(shipped_matcher):
    assert best(shipped_matcher, "how is it given", "cns").section == "cns"
    assert best(shipped_matcher, "how is it given", "chemotherapy").section == "chemotherapy"
    assert shipped_matcher.inside("through a dome on the head", "cns")[0] == "cns.ommaya"


def test_a_redirect_is_found(shipped_matcher):
    assert shipped_matcher.match("can my daughter get the flu shot").redirects[0].intent == "elsewhere.vaccines"
