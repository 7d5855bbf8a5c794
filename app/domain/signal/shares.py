"""What confirmations and devices tell: the share certified, and one device for many."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.calendar import Month
from app.domain.signal.finding import Found, Kind
from app.domain.signal.policy import SignalPolicy


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A counted service, and whether an officer certified it."""

    session_id: str
    day: date
    is_certified: bool


@dataclass(frozen=True, slots=True)
class Hand:
    """From which device an account sent the record of a meeting; a mark that says nothing else."""

    session_id: str
    account_id: str
    device: str
    day: date


def certified_share(confirmed: Iterable[Confirmed], policy: SignalPolicy) -> Iterator[Found]:
    """Yield the months in which more services than usual were certified by an officer."""
    months: dict[str, list[Confirmed]] = defaultdict(list)
    for each in confirmed:
        months[str(Month.of(each.day))].append(each)
    for month, rows in months.items():
        certified = sorted((row for row in rows if row.is_certified), key=lambda row: row.day)
        is_above = 100 * len(certified) > policy.certified_percent * len(rows)
        if is_above and len(certified) >= policy.certified_fewest:
            facts = {
                "certified": len(certified),
                "of": len(rows),
                "percent": 100 * len(certified) // len(rows),
            }
            ids = tuple(row.session_id for row in certified)
            yield Found(Kind.CERTIFIED_SHARE, month, month, ids, facts)


def shared_devices(hands: Iterable[Hand], policy: SignalPolicy) -> Iterator[Found]:
    """Yield by month the devices from which the records of several mentors were sent."""
    devices: dict[tuple[str, str], list[Hand]] = defaultdict(list)
    for hand in hands:
        devices[hand.device, str(Month.of(hand.day))].append(hand)
    for (device, month), rows in devices.items():
        accounts = {row.account_id for row in rows}
        if len(accounts) >= max(policy.device_accounts, 2):
            rows.sort(key=lambda row: (row.day, row.session_id))
            ids = tuple(dict.fromkeys(row.session_id for row in rows))
            facts = {"writers": len(accounts), "records": len(ids)}
            # The mark is no secret, and long: its beginning tells devices apart.
            yield Found(Kind.SHARED_DEVICE, f"{device[:16]}:{month}", month, ids, facts)
