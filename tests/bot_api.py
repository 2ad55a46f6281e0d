"""A small Bot API on loopback: it keeps updates until they are confirmed, checks all calls, and fails on request."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from email import message_from_bytes
from html.parser import HTMLParser
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.telegram.web import Server

TOKEN = "123456789:TEST-token-for-local-tests-only-000000"
ME = {"id": 123456789, "is_bot": True, "first_name": "Bees", "username": "bees_bot"}
SECRET = "a-secret-for-tests-only"


Body = dict[str, Any]


class Reader(HTMLParser):
    """Reads the few tags that the bot uses; anything else is an error."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.bad = "", [], ""

    def handle_starttag(self, tag, attrs):
        if tag not in {"b", "i"} or attrs:
            self.bad = tag
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.bad = tag

    def handle_data(self, data):
        self.text += data


def read_html(html):
    """The text of a message; raises ValueError for markup that Telegram would refuse."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    if reader.bad or reader.open:
        raise ValueError("can't parse entities")
    return reader.text


class BotApi:
    """The server, and the people who write to it."""

    def __init__(self):
        self.calls: list[tuple[str, Body]] = []
        self.misuse: list[str] = []
        self.faults: dict[str, deque[Any]] = {}
        self.messages: dict[tuple[int, int], Body] = {}
        self.pending: dict[int, Body] = {}
        self.files: dict[str, bytes] = {}
        self.confirmed: list[int] = []
        self.blocked: set[int] = set()
        self.webhook: Body | None = None
        self.changed = asyncio.Event()
        self._numbers, self._ids, self._queries = count(1), count(1000), count(1)
        site = Starlette(routes=[Route("/bot{token}/{method}", self._serve, methods=["GET", "POST"])])
        self._server = Server(site, "127.0.0.1:0")
        self._task: Any = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server._socket.getsockname()[1]}"

    async def __aenter__(self):
        self._task = asyncio.create_task(self._server.listen())
        return self

    async def __aexit__(self, *exc):
        self._server.should_exit = True
        self._server.force_exit = True
        self._wake()
        await self._task

    # People
    def push(self, kind, body):
        """An update that waits to be fetched; its number."""
        number = next(self._ids)
        self.pending[number] = {"update_id": number, kind: body}
        self._wake()
        return number

    def say(self, text, chat=7, kind="message", **fields):
        """Somebody writes; the message."""
        message = self.message(chat, text=text, **fields)
        self.push(kind, message)
        return message

    def message(self, chat=7, sender=None, number=None, **fields):
        """A message as it stands in a chat; a negative chat is a group."""
        who = {"id": sender or abs(chat), "is_bot": False, "first_name": "Ann"}
        where = {"id": chat, "type": "private", "first_name": "Ann"} if chat > 0 else _group(chat)
        number = number or next(self._numbers)
        return {"message_id": number, "date": int(time.time()), "chat": where, "from": who, **fields}

    def tap(self, message, data, sender=None):
        """Somebody taps a button of one of the bot's messages."""
        who = {"id": sender or abs(message["chat"]["id"]), "is_bot": False, "first_name": "Ann"}
        query = {
            "id": str(next(self._queries)),
            "from": who,
            "chat_instance": "1",
            "data": data,
            "message": dict(message),
        }
        self.push("callback_query", query)

    def fail(self, method, *answers):
        """The next calls of a method are answered with these: (status, body), "reset" or seconds to wait."""
        self.faults.setdefault(method, deque()).extend(answers)

    # What the bot did
    def of(self, method):
        """The parameters of all calls of a method."""
        return [params for name, params in self.calls if name == method]

    def sent(self, chat=7):
        """The bot's messages in a chat as they are now."""
        return [message for (where, _), message in self.messages.items() if where == chat]

    async def until(self, condition, seconds=5.0):
        """Wait until something is true, and return it."""
        end = time.monotonic() + seconds
        while not (found := condition()):
            left = end - time.monotonic()
            assert left > 0, "it did not come true"
            try:
                await asyncio.wait_for(self.changed.wait(), min(left, 0.05))
            except TimeoutError:
                continue
        return found

    async def replies(self, number, chat=7, seconds=5.0):
        """Wait for so many messages of the bot in a chat."""
        await self.until(lambda: len(self.sent(chat)) >= number, seconds)
        return self.sent(chat)

    # The server
    def _wake(self):
        # A new one each time: nobody can take the signal from anybody else.
        self.changed.set()
        self.changed = asyncio.Event()

    async def _serve(self, request):
        method = request.path_params["method"]
        params = dict(request.query_params) | read_form(request.headers.get("content-type", ""), await request.body())
        params = {name: value if name in _TEXTS else _value(value) for name, value in params.items()}
        try:
            if request.path_params["token"] != TOKEN:
                return _error(401, "Unauthorized")
            if method != "getUpdates":
                self.calls.append((method, params))
            fault = self.faults[method].popleft() if self.faults.get(method) else None
            if isinstance(fault, tuple):
                return Response(fault[1], fault[0], media_type="application/json")
            if isinstance(fault, int | float):
                await asyncio.sleep(fault)
            if fault == "lost":  # carried out, but the answer does not arrive
                await self._answer(method, params)
                return _error(502, "Bad Gateway")
            return JSONResponse({"ok": True, "result": await self._answer(method, params)})
        except RefusedError as refused:
            return _error(refused.code, str(refused))
        finally:
            self._wake()

    async def _answer(self, method, params):
        if method == "getUpdates":
            return await self._updates(**params)
        if method == "getMe":
            return ME | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
        if method in {"sendMessage", "sendPhoto", "editMessageText", "editMessageReplyMarkup"}:
            return getattr(self, "_" + method)(params)
        if method == "setWebhook":
            self.webhook = params
        if method == "deleteWebhook":
            self.webhook = None
        return True

    async def _updates(self, offset=0, timeout=0, limit=100, **_):
        if self.webhook:
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        for number in [number for number in self.pending if number < offset]:
            del self.pending[number]
            self.confirmed.append(number)
        end = time.monotonic() + timeout
        while not self.pending and (left := end - time.monotonic()) > 0 and not self._server.should_exit:
            try:
                await asyncio.wait_for(self.changed.wait(), min(left, 0.5))
            except TimeoutError:
                continue
        return list(self.pending.values())[:limit]

    def _sendMessage(self, params):  # noqa: N802
        return self._put(params, self._content(params))

    def _sendPhoto(self, params):  # noqa: N802
        caption = params.get("caption", "")
        if len(caption.encode("utf-16-le")) // 2 > 1024:
            self.misuse.append("a caption of a wrong length")
            raise RefusedError(400, "Bad Request: message caption is too long")
        name = self._file(params["photo"])
        photo = [{"file_id": name, "file_unique_id": name, "width": 90, "height": 90}]
        return self._put(params, {"photo": photo} | ({"caption": caption} if caption else {}))

    def _file(self, photo):
        """The id of an upload, or of a file that is here already."""
        if isinstance(photo, str):
            if photo not in self.files:
                raise RefusedError(400, "Bad Request: wrong file identifier/HTTP URL specified")
            return photo
        if not photo.startswith((b"\x89PNG", b"\xff\xd8")):
            self.misuse.append("a photo that is none")
            raise RefusedError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        name = f"photo-{len(self.files)}"
        self.files[name] = photo
        return name

    def _put(self, params, content):
        chat = params["chat_id"]
        if chat in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        message = self.message(chat, **content)
        message["from"] = ME
        if params.get("reply_parameters"):
            message["answers"] = params["reply_parameters"]["message_id"]
        if params.get("message_thread_id"):
            message["message_thread_id"] = params["message_thread_id"]
        self.messages[chat, message["message_id"]] = message
        return message

    def _editMessageText(self, params):  # noqa: N802
        return self._change(params, self._content(params))

    def _editMessageReplyMarkup(self, params):  # noqa: N802
        return self._change(params, {"reply_markup": self._buttons(params)})

    def _change(self, params, change):
        message = self.messages.get((params["chat_id"], params["message_id"]))
        if message is None:
            raise RefusedError(400, "Bad Request: message to edit not found")
        if all(message.get(name) == value for name, value in change.items()):
            self.misuse.append("an edit that changes nothing")
            raise RefusedError(400, "Bad Request: message is not modified")
        message.update(change)
        return message

    def _content(self, params):
        try:
            text = read_html(params["text"]) if params.get("parse_mode") == "HTML" else params["text"]
        except ValueError as error:
            self.misuse.append(str(error))
            raise RefusedError(400, f"Bad Request: {error}") from None
        if not text.strip() or len(text.encode("utf-16-le")) // 2 > 4096:
            self.misuse.append("a text of a wrong length")
            raise RefusedError(400, "Bad Request: message is too long")
        buttons = self._buttons(params)
        return {"text": text} | ({"reply_markup": buttons} if buttons else {})

    def _buttons(self, params):
        rows = (params.get("reply_markup") or {}).get("inline_keyboard", [])
        for row in rows:
            for button in row:
                if not button["text"].strip() or not 1 <= len(button["callback_data"].encode()) <= 64:
                    self.misuse.append("a button that Telegram refuses")
                    raise RefusedError(400, "Bad Request: BUTTON_DATA_INVALID")
        return {"inline_keyboard": rows} if rows else None


_TEXTS = {"text", "caption"}


def read_form(kind, body):
    """The fields of a call's body, those that hold a file as bytes."""
    if not kind.startswith("multipart/form-data"):
        return dict(parse_qsl(body.decode()))
    form: Any = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields = {}
    for part in form.get_payload():
        value = part.get_payload(decode=True)
        name = part.get_param("name", header="content-disposition")
        fields[name] = value if part.get_filename() else value.decode()
    return fields


class RefusedError(Exception):
    """A call that is answered with an error."""

    def __init__(self, code, description):
        super().__init__(description)
        self.code = code


def labels(message):
    """The texts on the buttons of a message."""
    return [b["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


def data(message):
    """The data of the buttons of a message."""
    return [b["callback_data"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


def too_many(seconds):
    """The answer of a server that wants to be left alone for a while."""
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": seconds}}
    return 429, json.dumps(body)


def error(code, description="Error"):
    """An error as Telegram words it."""
    return code, json.dumps({"ok": False, "error_code": code, "description": description})


def _error(code, description):
    return Response(error(code, description)[1], code, media_type="application/json")


def _group(chat):
    return {"id": chat, "type": "supergroup", "title": "Beekeepers"}


def _value(text):
    if isinstance(text, bytes):
        return text
    try:
        return json.loads(text) if text[:1] in '[{-0123456789tf"' else text
    except ValueError:
        return text
