"""What somebody reads of what is kept about himself."""

from app.queries.own_data.closing import Closing, closing_of
from app.queries.own_data.copy import OwnCopy, own_copy
from app.queries.own_data.page import OwnData, own_data
from app.queries.own_data.parts import Section

__all__ = ["Closing", "OwnCopy", "OwnData", "Section", "closing_of", "own_copy", "own_data"]
