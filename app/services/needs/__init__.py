"""Needs: drafted, submitted, edited and withdrawn by founders or for them, taken from files."""

from app.services.needs.asking import ask_bureau
from app.services.needs.coding import NeedInput
from app.services.needs.importing import import_rows
from app.services.needs.topics import add_topic, strike_topic
from app.services.needs.writing import draft, edit, submit, withdraw

__all__ = [
    "NeedInput",
    "add_topic",
    "ask_bureau",
    "draft",
    "edit",
    "import_rows",
    "strike_topic",
    "submit",
    "withdraw",
]
