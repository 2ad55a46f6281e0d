"""Text features and linear models: what matching and safety learn with, small enough to train at first start."""

from bot.learning.cache import Arrays, load, save
from bot.learning.encoder import Encoder
from bot.learning.features import Features
from bot.learning.linear import LinearModel, logistic
from bot.learning.vectors import embed

__all__ = ["Arrays", "Encoder", "Features", "LinearModel", "embed", "load", "logistic", "save"]
