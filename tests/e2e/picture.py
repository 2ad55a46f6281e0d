"""Draws the conversation in the README, as a real bot holds it: from the calls that it made to the Bot API.

    python -m tests.e2e.picture docs/conversation.png

It needs Debian's `chromium`. The bot runs in this process against the small Bot API of the tests; nobody is asked
anything on the network.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.assistant import open_assistant
from bot.settings import Settings
from tests.bee_bot import running
from tests.bot_api import BotApi, data, labels, read_html

KNOWLEDGE = Path(__file__).parent.parent.parent / "knowledge"
CHAT = 7
# Numbers that are nobody's; what is "felt" here is made up, too.
CONTACTS = {"FAQBOT_CONTACT": "555 0100", "FAQBOT_EMERGENCY_NUMBER": "112"}
QUESTION = "What are the phases of treatment?"
URGENT = "This is only a test: a fever of 38.5 and shivering"
FOLLOW_UP = "phases.consolidation"
PATIENCE = 20.0
"""Seconds to wait for a reply: the bot keeps to the pace that Telegram asks for."""

STYLE = """
body { margin: 0; padding: 20px; width: 884px; background: #d5e0e8; font: 15px/1.38 "Liberation Sans", sans-serif; }
main { columns: 2; column-gap: 44px; }
article { break-inside: avoid; width: 420px; padding-bottom: 12px; }
article.person { display: flex; justify-content: flex-end; }
p { margin: 0; padding: 9px 12px; border-radius: 14px; background: #fff; color: #111; white-space: pre-wrap; }
p, img { box-shadow: 0 1px 1px #0002; }
article.person p { max-width: 340px; background: #dcf8c6; }
img { display: block; width: 420px; border-radius: 14px 14px 0 0; }
img + p { border-radius: 0 0 14px 14px; }
i { color: #555; font-size: 13px; }
a { color: #1a66a8; }
div { display: flex; gap: 4px; margin-top: 4px; }
button { flex: 1; padding: 8px 4px; border: 0; border-radius: 9px; background: #f4f8fb; color: #1a5c96;
         font: bold 14px "Liberation Sans", sans-serif; }
"""


async def converse(api: BotApi) -> list[dict[str, Any]]:
    """A short conversation; the messages of the person in it."""
    said = [api.say(QUESTION, CHAT)]
    (answer,) = await api.replies(1, CHAT, PATIENCE)
    show = next(target for target in data(answer) if target.startswith("@"))
    for number, target in enumerate((show, FOLLOW_UP), 2):
        api.tap(answer, target)
        await api.replies(number, CHAT, PATIENCE)
        marked = number - 1
        await api.until(lambda: sum(label.startswith("✓") for label in labels(answer)) == marked, PATIENCE)  # noqa: B023
    said.append(api.say("/topics", CHAT))
    await api.replies(4, CHAT, PATIENCE)
    said.append(api.say(URGENT, CHAT))
    await api.replies(5, CHAT, PATIENCE)
    return said


async def record(folder: Path, **more: str) -> tuple[BotApi, list[dict[str, Any]]]:
    """Let the bot with the knowledge of this repository hold the conversation, with these settings."""
    assistant = open_assistant(Settings(FAQBOT_DATA=folder, **CONTACTS), KNOWLEDGE)  # type: ignore[arg-type]
    async with BotApi() as api, running(api, assistant, folder, **CONTACTS, **more):
        said = await converse(api)
        await api.until(lambda: not api.pending)
        assert api.misuse == []
    return api, said


def page(api: BotApi, said: list[dict[str, Any]]) -> str:
    """The conversation as it looks in the end: what each call sent, under it the buttons as they were last changed."""
    shown = {message["message_id"]: _bubble(html.escape(message["text"]), "person") for message in said}
    calls = [(name, params) for name, params in api.calls if name in {"sendMessage", "sendPhoto"}]
    for (name, params), message in zip(calls, api.sent(CHAT), strict=True):
        before = ""
        if name == "sendPhoto":
            photo = base64.b64encode(api.files[message["photo"][-1]["file_id"]]).decode()
            before, text = f'<img src="data:image/png;base64,{photo}">', html.escape(params["caption"])
        else:
            text = params["text"]
            assert read_html(text) == message["text"]
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        after = "".join(f"<div>{''.join(map(_button, row))}</div>" for row in rows)
        shown[message["message_id"]] = _bubble(text, "bot", before, after)
    messages = "\n".join(shown[number] for number in sorted(shown))
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><main>{messages}</main>'


def _bubble(text: str, who: str, before: str = "", after: str = "") -> str:
    # Telegram makes a link of every command that it finds in a text.
    linked = re.sub(r"(?<![\w</])/[a-z]+", r"<a>\g<0></a>", text)
    return f'<article class="{who}">{before}<p>{linked}</p>{after}</article>'


def _button(button: dict[str, Any]) -> str:
    return f"<button>{html.escape(button['text'])}</button>"


def draw(content: str, picture: Path) -> None:
    """Let a browser without a window draw the page, as high as it is."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        measure = "<script>document.title = Math.ceil(document.documentElement.getBoundingClientRect().height)</script>"
        file.write_text(content + measure, encoding="utf-8")
        found = re.search(r"<title>(\d+)</title>", _browser(folder, "--dump-dom", file.as_uri()))
        assert found, "the browser did not measure the page"
        picture.parent.mkdir(parents=True, exist_ok=True)
        _browser(folder, f"--window-size=924,{found[1]}", f"--screenshot={picture.resolve()}", file.as_uri())


def _browser(folder: str, *options: str) -> str:
    program = shutil.which("chromium")
    if not program:
        sys.exit("chromium is missing: apt-get install chromium")
    fixed = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile")
    command = [program, *fixed, *options]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def main() -> None:
    """Hold the conversation and draw it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path, help="the PNG to write")
    parser.add_argument("--data", type=Path, help="a FAQBOT_DATA with the model; without it the bot learns first")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.data:
            shutil.copytree(args.data, folder, dirs_exist_ok=True)
        api, said = asyncio.run(record(Path(folder)))
    draw(page(api, said), args.picture)


if __name__ == "__main__":
    main()
