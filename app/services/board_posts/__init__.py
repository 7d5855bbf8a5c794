"""The open board: a need put up with its founder's consent, claimed by experts."""

from app.services.board_posts.answering import agree, refuse
from app.services.board_posts.claiming import claim, withdraw_claim
from app.services.board_posts.ending import expire, take_down, withdraw
from app.services.board_posts.writing import draft

__all__ = [
    "agree",
    "claim",
    "draft",
    "expire",
    "refuse",
    "take_down",
    "withdraw",
    "withdraw_claim",
]
