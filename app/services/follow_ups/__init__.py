"""Follow-ups: planned with the confirmation, asked by the job process, answered or stopped."""

from app.services.follow_ups.answering import answer, stop
from app.services.follow_ups.asking import ASK, LAPSE, ask, lapse, plan

__all__ = ["ASK", "LAPSE", "answer", "ask", "lapse", "plan", "stop"]
