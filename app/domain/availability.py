"""When an expert can be met: weekly rules, special days, minutes of a local day."""

from enum import StrEnum

HORIZON_DAYS = 60
OFFICIAL_HOURS = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60))


class Mode(StrEnum):
    """How two people meet."""

    ONSITE = "onsite"
    ONLINE = "online"
    PHONE = "phone"


class ExceptionKind(StrEnum):
    """A special day: closed, or opened."""

    OFF = "off"
    EXTRA = "extra"
