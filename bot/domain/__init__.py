"""The nouns of faqbot as frozen values: what the knowledge holds, what safety looks for, what a reply says."""

from bot.domain.content import (
    ELSEWHERE,
    Calibration,
    Intent,
    KnowledgeBase,
    Level,
    Phrases,
    Problem,
    Section,
    SmallTalk,
    Source,
    Vocabulary,
)
from bot.domain.safety import Card, SafetyKnowledge, SafetyLevel
from bot.domain.talk import Block, Choice, Contacts, Conversation, Match, Outcome, Reply

__all__ = [
    "ELSEWHERE",
    "Block",
    "Calibration",
    "Card",
    "Choice",
    "Contacts",
    "Conversation",
    "Intent",
    "KnowledgeBase",
    "Level",
    "Match",
    "Outcome",
    "Phrases",
    "Problem",
    "Reply",
    "SafetyKnowledge",
    "SafetyLevel",
    "Section",
    "SmallTalk",
    "Source",
    "Vocabulary",
]
