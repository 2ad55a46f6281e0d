"""Text features and linear models: what matching and safety learn with, small enough to train at first start."""

from bot.learning.cache import Arrays, load, save
from bot.learning.encoder import Encoder
from bot.learning.features import Features
from bot.learning.linear import LinearModel, logistic
from bot.learning.rows import Rows
from bot.learning.vectors import embed

__all__ = ["Arrays", "Encoder", "Features", "LinearModel", "Rows", "embed", "load", "logistic", "save"]
