"""Needs and their pairing: rounds, the match board, supply, answers in writing."""

from app.web.bureau.pairing import (
    board,
    needs,
    round_acts,
    rounds,
    supply,
    why,
    written_answers,
)

GROUPS = (needs, why, rounds, round_acts, board, supply, written_answers)
