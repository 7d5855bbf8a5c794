"""What somebody reads of what is kept about himself."""

from app.queries.own_data.page import OwnData, own_data

__all__ = ["OwnData", "own_data"]
