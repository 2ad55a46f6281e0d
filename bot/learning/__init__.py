"""Text features and linear models: what matching and safety learn with, small enough to train at first start."""

from bot.learning.cache import Arrays, load, save
from bot.learning.features import Features
from bot.learning.linear import LinearModel, logistic

__all__ = ["Arrays", "Features", "LinearModel", "load", "logistic", "save"]
