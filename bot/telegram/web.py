"""The small web server: Telegram's webhook, and whether the bot is alive and ready."""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import socket
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import SettingsError, StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from starlette.requests import Request

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
_BUSY_SECONDS = "1"
_LAST_PORT = 65_535
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Door(Protocol):
    """What the webhook needs of the inbox."""

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """Start work on new updates."""

    async def wait(self, number: int) -> bool:
        """Return True when the update is done, False at once when it is not ours."""


class Webhook:
    """Answers 200 when an update is done, so that Telegram keeps it until then."""

    def __init__(self, door: Door, secret: str) -> None:
        self._door = door
        self._secret = secret.encode()

    async def receive(self, request: Request) -> Response:
        """Take one update; whoever does not know the secret learns nothing."""
        if not hmac.compare_digest(request.headers.get(_HEADER, "").encode(), self._secret):
            return Response(status_code=403)
        try:
            update = json.loads(await _body(request))
            number = update["update_id"]
            if not isinstance(number, int) or isinstance(number, bool):
                raise TypeError
        except OverflowError:
            return Response(status_code=413)
        except (ValueError, TypeError, KeyError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        try:
            await self._door.take([update])
        except StorageError:
            return _later()
        # Somebody else may be at it, or was and is no more: Telegram asks again and sees which.
        return Response() if await self._door.wait(number) else _later()


def _later() -> Response:
    return Response(status_code=503, headers={"Retry-After": _BUSY_SECONDS})


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise OverflowError
    return bytes(body)


def pages(ready: Callable[[], Awaitable[str]], webhook: Webhook | None, url: str) -> Starlette:
    """The pages; `ready` returns what is missing, or nothing."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        missing = await ready()
        return PlainTextResponse(f"{missing or 'ready'}\n", status_code=503 if missing else 200)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz)]
    if webhook is not None:
        routes.append(Route(urlsplit(url).path, webhook.receive, methods=["POST"]))
    return Starlette(routes=routes)


class Server(uvicorn.Server):
    """Listens until it is told to stop; the signals of the process belong to somebody else."""

    def __init__(self, site: Starlette, listen: str) -> None:
        self._socket = _bind(listen)
        super().__init__(
            uvicorn.Config(
                site,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=4,
            )
        )

    async def listen(self) -> None:
        """Serve until `should_exit` is set."""
        await self.serve([self._socket])

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def _bind(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if int(port) > _LAST_PORT:
            raise OverflowError
        return socket.create_server((host, int(port)), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise SettingsError(f"FAQBOT_LISTEN: cannot listen on {listen} ({type(error).__name__}).") from None
