"""Batches as pages and commands read them."""

from app.queries.batches.boards import Board, View, board
from app.queries.batches.candidates import Choosing, choosing
from app.queries.batches.documents import document
from app.queries.batches.rounds import BatchList, Progress, batch_list, open_batches, progress

__all__ = [
    "BatchList",
    "Board",
    "Choosing",
    "Progress",
    "View",
    "batch_list",
    "board",
    "choosing",
    "document",
    "open_batches",
    "progress",
]
