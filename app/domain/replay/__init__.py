"""The counting rules run alone over a file, so that anybody can check a published figure."""

from app.domain.replay.answer import replay
from app.domain.replay.errors import UnknownReplayInputError

__all__ = ["UnknownReplayInputError", "replay"]
