"""How a reply looks in Telegram: markup, length, buttons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot import knowledge
from bot.domain import Block, Choice, Reply
from bot.telegram import keyboard
from bot.telegram.render import LONGEST, length, markup, plain, render
from tests.bot_api import read_html


@pytest.fixture(scope="module")
def kb(small_knowledge):
    return knowledge.load(small_knowledge)


def rows(markup):
    """The rows of buttons."""
    return markup.inline_keyboard


def test_a_reply_has_a_bold_title_lists_and_small_print_in_italics():
    reply = Reply("answer", (Block("One **two**.\n\n- a\n- b\n\n1. c", "A & B"),), ("Ask.", "From <x>."))
    assert render(reply) == (
        "<b>A &amp; B</b>\nOne <b>two</b>.\n\n• a\n• b\n\n1. c\n\n<i>Ask.</i>\n<i>From &lt;x&gt;.</i>",
    )


def test_extra_paragraphs_stand_before_and_after():
    reply = Reply("answer", (Block("x"),), ("n",))
    assert render(reply, before="late", after="helped?") == ("late\n\nx\n\n<i>n</i>\n\n<i>helped?</i>",)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_survives_as_it_is(text):
    said = text.strip().replace("**", "").replace("- ", "")
    assert read_html(markup(said)) == said


@given(st.text(alphabet=st.sampled_from("ab *-<>&;\n.1😀"), max_size=200))
def test_any_markup_is_well_formed(text):
    assert read_html(markup(text)) == plain(markup(text))


@given(
    st.lists(
        st.tuples(st.text(st.sampled_from("ab&<*\n 😀"), max_size=30), st.integers(0, 7000)), min_size=1, max_size=4
    )
)
def test_long_replies_are_cut_into_messages_that_fit_and_lose_no_word(parts):
    reply = Reply(
        "answer", tuple(Block((text + "x ") * (1 + size // (len(text) + 2)), text) for text, size in parts), ("n",)
    )
    messages = render(reply)
    assert all(0 < length(message) <= LONGEST for message in messages)
    said = "".join(read_html(message) for message in messages)
    assert said.count("x") == sum((block.text).count("x") for block in reply.blocks)


def test_length_counts_as_telegram_does():
    assert length("<b>a&amp;b</b>") == 3
    assert length("😀") == 2


def test_buttons_show_choices_and_ask_whether_an_answer_helped(kb):
    reply = Reply(
        "answer", (Block("x"),), (), (Choice("Honey", "honey.what"), Choice("All", ":topics")), ("hive.what",)
    )
    assert [[(b.text, b.callback_data) for b in row] for row in rows(keyboard.choices(reply, kb))] == [
        [("Honey", "honey.what"), ("All", ":topics")],
        [("Yes", "?+hive.what"), ("No", "?-hive.what")],
    ]


def test_only_plain_answers_ask_whether_they_helped(kb):
    for reply in (
        Reply("redirect", (Block("x"),), (), (), ("elsewhere.x",)),
        Reply("answer", (Block("x"),), (), (), ("hive.what",), safety="soft"),
        Reply("fallback", (Block("x"),)),
    ):
        assert keyboard.choices(reply, kb) is None


def test_choices_that_can_be_typed_show_what_to_type(kb):
    reply = Reply("clarify", (Block("Which?"),), (), (Choice("A hive", "hive.what"), Choice("None", ":none")))
    assert [b.text for row in rows(keyboard.choices(reply, kb)) for b in row] == ["1. A hive", "None"]


def test_buttons_that_telegram_would_refuse_are_left_out(kb):
    reply = Reply("redirect", (Block("x"),), (), (Choice("long", "a" * 65), Choice(" ", "x.y"), Choice("ok", "a" * 64)))
    (row,) = rows(keyboard.choices(reply, kb))
    assert [button.callback_data for button in row] == ["a" * 64]


def test_the_menu_leads_to_pages_and_back(kb):
    assert [b.callback_data for row in rows(keyboard.menu(kb)) for b in row] == ["#hive", "#honey"]
    assert [row[0].callback_data for row in rows(keyboard.page(kb, "honey"))] == ["honey.what", "#"]


def test_what_was_chosen_is_marked_once():
    old = InlineKeyboardMarkup(
        [[InlineKeyboardButton("A", callback_data="a"), InlineKeyboardButton("B", callback_data="b")]]
    )
    once = keyboard.chosen(old, "b")
    assert [b.text for b in once.inline_keyboard[0]] == ["A", "✓ B"]
    assert keyboard.chosen(once, "b") == once
    assert keyboard.is_marked(once, "b")
    assert not keyboard.is_marked(once, "a")


def test_an_answer_tells_its_subject_by_its_buttons(kb):
    reply = Reply("answer", (Block("x"),), (), (), ("hive.what",))
    assert keyboard.subject(keyboard.choices(reply, kb)) == "hive.what"
    assert keyboard.subject(None) == ""
    assert keyboard.subject(keyboard.menu(kb)) == ""
