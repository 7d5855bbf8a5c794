"""The verbs of a written answer: asked for, offered, answered, read, ended."""

from app.services.written_answers.answering import answer, decline
from app.services.written_answers.asking import ask, offer, take
from app.services.written_answers.ending import expire, withdraw
from app.services.written_answers.saying import say

__all__ = ["answer", "ask", "decline", "expire", "offer", "say", "take", "withdraw"]
