"""我的资料: what is kept of the founder, and what he may decide about it."""

from app.web.founder.own import closing, copy, data

GROUPS = (data, copy, closing)

__all__ = ["GROUPS"]
