"""What security administration does: accounts, their roles, accounts for an audit."""

from app.web.bureau.administering import accounts, auditors

GROUPS = (auditors, accounts)
