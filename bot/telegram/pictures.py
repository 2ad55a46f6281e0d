"""The pictures of the knowledge, each with its text for those who cannot see it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram.error import BadRequest

from bot.telegram.render import escape

if TYPE_CHECKING:
    from pathlib import Path

    from telegram import Message

    from bot.telegram.outbox import Outbox, Place

log = logging.getLogger(__name__)


class Pictures:
    """Uploads each picture once; from then on Telegram is asked for its own copy."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._copies: dict[Path, str] = {}

    async def send(self, place: Place, image: Path, text: str) -> bool:
        """Send a picture, or its text alone where no picture is taken; False when there is no such file any more."""
        try:
            photo = self._copies.get(image) or image.read_bytes()
        except OSError as error:
            log.warning("The picture %s cannot be read (%s).", image.name, error.strerror)
            return False
        refused = False

        async def call(chat: int, *, marked_up: bool) -> Message:  # noqa: ARG001
            nonlocal refused
            try:
                return await self._outbox.bot.send_photo(
                    chat,
                    photo,
                    caption=text,
                    filename=image.name,
                    message_thread_id=place.topic,
                    reply_parameters=place.reply,
                )
            except BadRequest:
                refused = True
                raise

        sent = await self._outbox.deliver(place.chat, call)
        if sent is not None and sent.photo:
            self._copies[image] = sent.photo[-1].file_id
        if refused:
            # Many groups take no photos; and a copy that Telegram does not know any more must not be asked for again.
            self._copies.pop(image, None)
            await self._outbox.send(place, escape(text))
        return True
