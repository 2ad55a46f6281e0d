"""What is kept over a restart: which updates were handled, and counts of feedback. No text, name or id of a person."""

from bot.storage.store import Claims, Store, open_store

__all__ = ["Claims", "Store", "open_store"]
