"""`faqbot run`: the bot in Telegram."""

from __future__ import annotations

import typer

from bot import settings
from bot.cli.chat import chat
from bot.cli.engine import open_engine
from bot.cli.options import Knowledge, Lang


def run(knowledge: Knowledge = None, lang: Lang = "en") -> None:
    """Run the bot in Telegram; it needs TELEGRAM_BOT_TOKEN."""
    # Only this command pays for loading the database and what Telegram needs.
    from bot import telegram

    code = telegram.run(settings.read(), lambda: open_engine(knowledge, lang))
    raise typer.Exit(code)


def start() -> None:
    """What `faqbot` does without a command: Telegram with a token, else a chat in this terminal."""
    if settings.read().token.get_secret_value():
        run()
    else:
        chat()
