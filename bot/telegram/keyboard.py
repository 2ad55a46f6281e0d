"""Buttons that carry all they need: an old one works after any restart.

Callback data is one of: a Choice's target (an intent id or `:action`); `#` the menu of topics, `#section` a page of it;
`@` and an intent id: its picture; and `+`, `-`, `w`, `u`, `m` with `?` before and an intent id after: feedback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain import KnowledgeBase, Reply

LONGEST_DATA: Final = 64
MENU: Final = "#"
PICTURE: Final = "@"
FEEDBACK: Final = "?"
VERDICTS: Final = {"+": "yes", "-": "no", "w": "wrong", "u": "unclear", "m": "missing"}
"""The letter in a feedback button, and the word it is counted under; its label is the phrase `feedback_<word>`."""
WHY_NOT: Final = "wum"
CHOSEN: Final = "✓ "
_SHORT = 18

Rows = list[list[InlineKeyboardButton]]


def choices(reply: Reply, kb: KnowledgeBase) -> InlineKeyboardMarkup | None:
    """The buttons under a reply: what to tap next, and for an answer its picture and whether it helped."""
    numbered = reply.outcome == "clarify" or reply.numbered
    labels = [f"{key}. {c.label}" if numbered and not c.target.startswith(":") else c.label
              for key, c in zip(reply.keys, reply.choices, strict=True)]  # fmt: skip
    rows = _rows([_button(label, c.target) for label, c in zip(labels, reply.choices, strict=True)])
    pictured = kb.pictured(reply.intents) if reply.safety is None else None
    if pictured:
        rows.append([_button(kb.phrases.replies.get("show_picture", ""), PICTURE + pictured.id)])
    if reply.outcome == "answer" and reply.safety is None and reply.intents:
        rows.append(_verdicts(kb, reply.intents[0], "+-"))
    return _markup(rows)


def menu(kb: KnowledgeBase) -> InlineKeyboardMarkup | None:
    """All topics."""
    return _markup(_rows([_button(section.title, MENU + section.id) for section in kb.topics()]))


def page(kb: KnowledgeBase, section: str) -> InlineKeyboardMarkup | None:
    """What there is in one topic, the whole of it first, and the way back."""
    whole = kb.broad(section)
    inside = [intent for intent in kb.intents.values() if intent.section == section and intent.id != whole.id]
    rows = [[_button(intent.title, intent.id)] for intent in (whole, *inside)]
    back = kb.phrases.replies.get("back", "")
    return _markup([*rows, [_button(f"‹ {back}", MENU)]] if back else rows)


def chosen(old: InlineKeyboardMarkup, data: str) -> InlineKeyboardMarkup:
    """The same buttons with the tapped one marked."""
    return InlineKeyboardMarkup([[_mark(button, button.callback_data == data) for button in row]
                                 for row in old.inline_keyboard])  # fmt: skip


def judged(old: InlineKeyboardMarkup, kb: KnowledgeBase, letter: str, intent: str) -> InlineKeyboardMarkup:
    """The buttons after feedback: "no" asks why, anything else shows what was chosen."""
    rows: Rows = [list(row) for row in old.inline_keyboard if not _is_feedback(row)]
    if letter == "-":
        rows.extend([button] for button in _verdicts(kb, intent, WHY_NOT))
    else:
        rows.append([_mark(button, True) for button in _verdicts(kb, intent, letter)])
    return InlineKeyboardMarkup(rows)


def is_marked(old: InlineKeyboardMarkup, data: str) -> bool:
    """Whether the button with this data shows already that it was chosen."""
    return any(button.callback_data == data and button.text.startswith(CHOSEN) for button in _flat(old))


def subject(old: InlineKeyboardMarkup | None) -> str:
    """The intent that a message of ours answered, as its buttons tell; empty when they don't."""
    data = [str(button.callback_data) for button in _flat(old) if button.callback_data] if old else []
    return next((each[2:] for each in data if each.startswith(FEEDBACK)), "")


def _is_feedback(row: Sequence[InlineKeyboardButton]) -> bool:
    return any(str(button.callback_data or "").startswith(FEEDBACK) for button in row)


def _flat(markup: InlineKeyboardMarkup) -> list[InlineKeyboardButton]:
    return [button for row in markup.inline_keyboard for button in row]


def _verdicts(kb: KnowledgeBase, intent: str, letters: str) -> list[InlineKeyboardButton]:
    labels = [kb.phrases.replies.get(f"feedback_{VERDICTS[letter]}", "") for letter in letters]
    return [
        _button(label, f"{FEEDBACK}{letter}{intent}") for letter, label in zip(letters, labels, strict=True) if label
    ]


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=data)


def _mark(button: InlineKeyboardButton, on: bool) -> InlineKeyboardButton:  # noqa: FBT001
    if not on or button.text.startswith(CHOSEN):
        return button
    return InlineKeyboardButton(CHOSEN + button.text, callback_data=button.callback_data)


def _rows(buttons: Sequence[InlineKeyboardButton]) -> Rows:
    """Short labels two in a row, long ones alone."""
    rows: Rows = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and len(button.text) <= _SHORT and len(rows[-1][0].text) <= _SHORT:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def _markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """The rows without buttons that Telegram would refuse."""
    fit = [
        [b for b in row if b.text.strip() and 1 <= len(str(b.callback_data).encode()) <= LONGEST_DATA] for row in rows
    ]
    fit = [row for row in fit if row]
    return InlineKeyboardMarkup(fit) if fit else None
