"""Whether a message is meant for the bot, and what it says to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram import MessageEntity
from telegram.constants import ChatType

from bot.telegram.outbox import Place

if TYPE_CHECKING:
    from telegram import Message, User

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(.*)", re.S)
_CONTENT = (
    "animation", "audio", "checklist", "contact", "dice", "document", "game", "location", "paid_media", "photo", "poll",
    "sticker", "story", "venue", "video", "video_note", "voice",
)  # fmt: skip


def heard(message: Message, me: User, *, groups: bool) -> str | None:
    """The text or caption that is meant for the bot, without its name; None when the message is not for it."""
    sender = message.from_user
    if message.chat.type == ChatType.CHANNEL or message.is_automatic_forward or (sender and sender.is_bot):
        return None
    if message.via_bot and message.via_bot.id == me.id:
        return None  # a card of our own that was shared
    text = message.text or message.caption or ""
    if not text and not has_content(message):
        return None  # somebody joined, a title changed
    if message.chat.type == ChatType.PRIVATE:
        return _command(text, me, private=True)
    return _addressed(message, text, me) if groups else None


def _addressed(message: Message, text: str, me: User) -> str | None:
    """What a group's message says to the bot: it is a command, names the bot, or replies to it."""
    if text.startswith("/"):
        return _command(text, me, private=False)
    without = _without_name(message, text, me)
    replied = message.reply_to_message
    to_us = replied is not None and replied.from_user is not None and replied.from_user.id == me.id
    return without if to_us or without != text else None


def _command(text: str, me: User, *, private: bool) -> str | None:
    found = _COMMAND.fullmatch(text)
    if not found or not found[2]:
        return text
    if found[2].lower() != (me.username or "").lower():
        return text if private else None
    return f"/{found[1]}{found[3]}"


def _without_name(message: Message, text: str, me: User) -> str:
    """The text without mentions of the bot."""
    entities = message.parse_entities() if message.text else message.parse_caption_entities()
    ours = [
        said
        for entity, said in entities.items()
        if (entity.type == MessageEntity.MENTION and said.lower() == f"@{me.username}".lower())
        or (entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == me.id)
    ]
    for said in ours:
        text = text.replace(said, " ", 1)
    return text.strip() if ours else text


def has_content(message: Message) -> bool:
    """Whether it holds something that a person sent, other than text."""
    return any(getattr(message, kind, None) for kind in _CONTENT)


def person(message: Message) -> str:
    """The name under which a conversation is remembered: in a group, each member has their own."""
    sender = message.from_user or message.sender_chat
    private = message.chat.type == ChatType.PRIVATE
    return str(message.chat.id) if private or sender is None else f"{message.chat.id}:{sender.id}"


def place(message: Message) -> Place:
    """Where the answer goes: in a group as a reply, in its topic."""
    if message.chat.type == ChatType.PRIVATE:
        return Place(message.chat.id)
    topic = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat.id, topic, message.message_id)
