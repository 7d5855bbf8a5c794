"""What goes in and out, declared once: the same object reads a value and describes it."""

from app.api.schemas.containers import Member, Record
from app.api.schemas.definitions import Definitions
from app.api.schemas.hints import record_of
from app.api.schemas.kinds import Base64, Count, Flag, Kind, Named, OneOf, Schema, Text, Whole

__all__ = [
    "Base64",
    "Count",
    "Definitions",
    "Flag",
    "Kind",
    "Member",
    "Named",
    "OneOf",
    "Record",
    "Schema",
    "Text",
    "Whole",
    "record_of",
]
