"""The short form of a message, for a mobile telephone."""

import re

from app.domain.person import phone_digits

# Two parts of 67 characters, as networks cut long messages in Chinese.
LONGEST_SHORT = 134
_CUT = "…"
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)


def mobile_number(phone: str | None) -> str | None:
    """Return the eleven digits of a mobile number of the mainland, None for any other."""
    shown = (phone or "").strip()
    if shown.startswith("+") and not shown.startswith("+86"):
        return None
    digits = phone_digits(shown)
    return digits if _MOBILE.fullmatch(digits) else None


def short_text(title: str, link: str, site: str) -> str:
    """Return who writes, what happened, and where to read on; only the middle is ever cut."""
    title = " ".join(title.split())
    before, after = f"【{site}】", f" {link}"
    room = LONGEST_SHORT - len(before) - len(after)
    if len(title) > room:
        title = title[: max(0, room - len(_CUT))] + _CUT
    return f"{before}{title}{after}"
