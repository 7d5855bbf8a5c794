"""The open board as each side sees it: experts its texts, founder and desk who claimed them."""

from app.queries.board_posts.board import Board, BoardRow, OwnClaim, board, board_post
from app.queries.board_posts.claims import is_standing, is_told, one_each, standing_claims
from app.queries.board_posts.people import has_account, interested, private_names
from app.queries.board_posts.posts import (
    Claimant,
    DeskBoard,
    PostBrief,
    PostView,
    desk_board,
    newest_brief,
    newest_post,
)

__all__ = [
    "Board",
    "BoardRow",
    "Claimant",
    "DeskBoard",
    "OwnClaim",
    "PostBrief",
    "PostView",
    "board",
    "board_post",
    "desk_board",
    "has_account",
    "interested",
    "is_standing",
    "is_told",
    "newest_brief",
    "newest_post",
    "one_each",
    "private_names",
    "standing_claims",
]
