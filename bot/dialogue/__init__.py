"""What to reply to a message; the door is `Dialogue`."""

from bot.dialogue.decision import Thresholds
from bot.dialogue.engine import Dialogue

__all__ = ["Dialogue", "Thresholds"]
