"""`faqbot ask`: one question for people, or a stream of them for machines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from bot.cli.engine import open_engine, screen
from bot.cli.options import AsJson, Knowledge, Lang
from bot.terminal import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.assistant import Assistant
    from bot.domain import Reply


def ask(
    text: Annotated[str | None, typer.Argument(help="The question.", show_default=False)] = None,
    as_json: AsJson = False,
    knowledge: Knowledge = None,
    lang: Lang = "en",
) -> None:
    """Answer one question, or with --json one object per line: {"id", "chat", "text"} in, the reply out."""
    if as_json == bool(text):
        raise typer.BadParameter('Give one question, as in: faqbot ask "What is chemotherapy?", or --json and lines.')
    assistant = open_engine(knowledge, lang)
    if text:
        screen().print(render(assistant.reply("ask", text)))
    elif not answer_lines(assistant, sys.stdin.buffer, sys.stdout.buffer, sys.stderr.buffer):
        raise typer.Exit(1)


def answer_lines(assistant: Assistant, source: Iterable[bytes], out: BinaryIO, errors: BinaryIO) -> bool:
    """Answer each JSON line of `source` in order; whether all could be read. A bad line costs only itself."""
    good = True
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            item = _read(line)
        except ValueError as error:
            good = False
            _write(errors, {"line": number, "error": str(error)})
            continue
        # Without a chat the line is a conversation of its own, and nothing of it stays.
        chat = item.get("chat")
        person = f"line {number}" if chat is None else f"chat {chat}"
        reply = assistant.reply(person, item["text"])
        if chat is None:
            assistant.forget(person)
        _write(out, as_record(item.get("id"), reply))
    return good


def as_record(identity: object, reply: Reply) -> dict[str, Any]:
    """The reply in the fixed machine form, under the id of its question."""
    return {
        "id": identity,
        "outcome": reply.outcome,
        "sections": list(reply.sections),
        "intents": list(reply.intents),
        "options": list(reply.options),
        "safety": reply.safety,
        "score": round(reply.score, 4),
        "reply": reply.text,
    }


def _read(line: bytes) -> dict[str, Any]:
    try:
        item = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise ValueError("not valid JSON") from None
    if not isinstance(item, dict):
        raise ValueError("not an object")
    if not isinstance(item.get("text"), str):
        raise ValueError('"text" must be text')
    if not isinstance(item.get("chat", ""), str | int | None):
        raise ValueError('"chat" must be text')
    return item


def _write(stream: BinaryIO, record: dict[str, Any]) -> None:
    try:
        line = json.dumps(record, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        line = json.dumps(record).encode("ascii")  # half of a surrogate pair has no UTF-8 form
    stream.write(line + b"\n")
    stream.flush()
