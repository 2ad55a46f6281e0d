"""The topics as a menu that changes in place, and what Telegram shows about the bot itself."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import BotCommand
from telegram.error import TelegramError

from bot.telegram import keyboard

if TYPE_CHECKING:
    from telegram import Bot, InlineKeyboardMarkup

    from bot.domain import KnowledgeBase, Reply
    from bot.telegram.desk import Desk
    from bot.telegram.outbox import Place

log = logging.getLogger(__name__)
_PROFILE = {"description": 512, "short_description": 120}
_LONGEST = 256


async def send_menu(desk: Desk, place: Place) -> None:
    """Send the menu of topics."""
    reply, buttons = _page(desk, "")
    for html in desk.look(reply)[0]:
        await desk.outbox.send(place, html, buttons)


async def turn_page(desk: Desk, place: Place, message: int, old: InlineKeyboardMarkup | None, section: str) -> None:
    """Show a section of the menu, or with "" all of them, in the message that holds the menu."""
    reply, buttons = _page(desk, section if section in desk.kb.sections else "")
    if buttons == old:
        return
    html = "\n\n".join(desk.look(reply)[0])
    if not await desk.outbox.edit(place.chat, message, html, buttons):
        await desk.outbox.send(place, html, buttons)


def _page(desk: Desk, section: str) -> tuple[Reply, InlineKeyboardMarkup | None]:
    if section:
        return desk.saying("", desk.kb.sections[section].title), keyboard.page(desk.kb, section)
    return desk.saying("", desk.kb.phrases.replies.get("topics_title", "")), keyboard.menu(desk.kb)


async def set_profile(bot: Bot, kb: KnowledgeBase) -> None:
    """Tell Telegram the commands and the description; a bot whose Telegram does not take them works all the same."""
    menu = kb.phrases.menu
    commands = [BotCommand(name, said[:_LONGEST]) for name, said in menu.items() if name not in _PROFILE and said]
    try:
        await bot.set_my_commands(commands)
        await bot.set_my_description(menu.get("description", "")[: _PROFILE["description"]])
        await bot.set_my_short_description(menu.get("short_description", "")[: _PROFILE["short_description"]])
    except TelegramError as error:
        log.warning("Telegram did not take the list of commands (%s).", type(error).__name__)
