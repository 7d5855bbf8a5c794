"""What bookings promise, told without a database: the judge of the machine.

Everything here is plain on purpose. It knows no bitmap, no claim and no lock: two spans overlap or
they do not, a deadline is a number of days on a list of days.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.moments import ZONE, day

LENGTH = timedelta(minutes=50)
HOLD = timedelta(minutes=10)
DAY = timedelta(days=1)
OPENS, CLOSES = time(9), time(21)
MOST_HOLDS, MOST_REQUESTS = 2, 4
MOST_A_MONTH = 6
LEAST_OF_A_PANEL = 2
NO_SHOW_GRACE = timedelta(minutes=30)
JUST_BOOKED = timedelta(minutes=60)
# The notice of 2026: off days of the plain week, and days worked at its end.
OFF = {day("09-25"), day("09-26"), day("09-27"), *(day(f"10-0{n}") for n in range(1, 8))}
WORKED = {day("09-20"), day("10-10")}
# What its mentor sees; of everything else he hears that there is no such booking.
HIS = {"requested", "accepted", "suspended", "fulfilled", "no_show"}
LIVE = {"on_hold", "requested", "accepted", "suspended", "fulfilled"}

Codes = frozenset[str]
DONE: Codes = frozenset()


@dataclass
class Offer:
    """Other times that one side has put before the other."""

    by: str
    is_counter: bool
    times: tuple[datetime, ...]
    answer_by: datetime


@dataclass
class Row:
    """A booking as the model knows it; who leads stands first among its experts."""

    need: int
    founder: int
    experts: tuple[int, ...]
    starts_at: datetime
    status: str
    hold_until: datetime | None = None
    answer_by: datetime | None = None
    booked_at: datetime | None = None
    sequence: int = 0
    late: bool | None = None
    excused: bool | None = None
    said_yes: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    offer: Offer | None = None

    @property
    def is_panel(self) -> bool:
        return len(self.experts) > 1

    @property
    def asked(self) -> set[int]:
        return set(self.experts) - self.gone

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + LENGTH

    @property
    def edges(self) -> tuple[datetime, datetime]:
        """When calling off becomes late, and when an absence may be reported."""
        return self.starts_at - DAY, self.starts_at + NO_SHOW_GRACE

    def meets(self, starts_at: datetime) -> bool:
        return self.starts_at < starts_at + LENGTH and starts_at < self.ends_at


@dataclass
class Model:
    """All bookings of a small world and its clock. A step answers why it was refused, if so."""

    now: datetime
    founders: tuple[int, ...]
    rows: list[Row] = field(default_factory=list)

    def hold(self, need: int, experts: tuple[int, ...], starts_at: datetime) -> Codes:
        founder = self.founders[need]
        others = [row for row in self.rows if not (row.need == need and row.status == "on_hold")]
        standing = [row for row in others if self._stands(row)]
        codes = self._closed(starts_at)
        if sum(r.status == "on_hold" and r.founder == founder for r in standing) >= MOST_HOLDS:
            codes |= {"booking.too_many_open"}
        codes |= self._taken(standing, set(experts), founder, starts_at)
        if codes:
            return frozenset(codes)
        for row in self.rows:
            if row.need == need and row.status == "on_hold":
                self._release(row)
        self._clear_stale(set(experts), founder)
        until = self.now + HOLD
        self.rows.append(Row(need, founder, experts, starts_at, "on_hold", hold_until=until))
        return DONE

    def release(self, at: int) -> Codes:
        if self.rows[at].status == "on_hold":
            self._release(self.rows[at])
        return DONE

    def request(self, at: int) -> Codes:
        row = self.rows[at]
        codes = self._illegal(row, "on_hold")
        if row.hold_until is not None and row.hold_until <= self.now:
            codes |= {"booking.hold_over"}
        if row.starts_at <= self.now:
            codes |= {"booking.already_started"}
        asked = [r for r in self.rows if r.founder == row.founder and r.status == "requested"]
        if len(asked) >= MOST_REQUESTS:
            codes |= {"booking.too_many_open"}
        if not codes:
            row.status, row.hold_until = "requested", None
            self._ask(row)
        return frozenset(codes)

    def accept(self, at: int, expert: int) -> Codes:
        row = self.rows[at]
        codes = self._illegal(row, "requested") | self._hidden(row, expert)
        if expert in row.said_yes:
            codes |= {"booking.illegal_transition"}
        if row.starts_at <= self.now:
            codes |= {"booking.already_started"}
        if row.answer_by is not None and row.answer_by <= self.now:
            codes |= {"booking.answer_over"}
        if not codes:
            row.said_yes.add(expert)
            self._settle(row, "declined")
        return frozenset(codes)

    def decline(self, at: int, expert: int) -> Codes:
        row = self.rows[at]
        codes = self._illegal(row, "requested") | self._hidden(row, expert)
        if not codes:
            row.gone.add(expert)
            row.said_yes.discard(expert)
            self._settle(row, "declined")
        return frozenset(codes)

    def withdraw(self, at: int) -> Codes:
        row = self.rows[at]
        codes = self._illegal(row, "requested")
        if not codes:
            row.status = "withdrawn"
        return frozenset(codes)

    def cancel(self, at: int, reason: str, expert: int | None = None) -> Codes:
        """Call off, as an expert or, without one, as the founder."""
        row = self.rows[at]
        if row.status == "requested":
            return self.withdraw(at) if expert is None else self.decline(at, expert)
        codes = self._illegal(row, "accepted", "suspended")
        codes |= self._hidden(row, expert) if expert is not None else set()
        if row.starts_at <= self.now:
            codes |= {"booking.already_started"}
        if codes:
            return frozenset(codes)
        row.sequence += 1
        if expert is not None and row.is_panel:
            # The others meet without him as long as the bureau lets them.
            row.gone.add(expert)
            row.said_yes.discard(expert)
            return DONE
        row.status = "cancelled"
        row.late = self._is_late(row)
        row.excused = not (reason.endswith("no_reason") or ("conflict" in reason and row.late))
        return DONE

    def move(self, at: int, starts_at: datetime) -> Codes:
        row = self.rows[at]
        codes = self._illegal(row, "requested", "accepted")
        if row.starts_at <= self.now:
            codes |= {"booking.already_started"}
        if row.status == "accepted" and self._is_late(row):
            codes |= {"booking.move_too_late"}
        codes |= self._refused_at(row, starts_at)
        if not codes:
            self._retime(row, starts_at)
            row.offer = None
            if row.status == "requested":
                row.said_yes.clear()
                self._ask(row)
        return frozenset(codes)

    def offer_times(self, at: int, times: tuple[datetime, ...], expert: int | None = None) -> Codes:
        """Put other times before the other side, as an expert or as the founder."""
        row = self.rows[at]
        by = "founder" if expert is None else "mentor"
        codes = self._hidden(row, expert) if expert is not None else set()
        codes |= self._may_not_offer(row, by)
        if len(set(times)) < len(times) or row.starts_at in times:
            codes |= {"time_offer.not_other_times"}
        # Times are only looked at: a hold that ran out is in the way until somebody lets it go.
        others = [other for other in self.rows if other is not row and other.status in LIVE]
        for starts_at in times:
            codes |= self._closed(starts_at)
            codes |= self._taken(others, row.asked, row.founder, starts_at)
        if not codes:
            self._offer_times(row, by, times)
        return frozenset(codes)

    def take_offer(self, at: int, starts_at: datetime, expert: int | None = None) -> Codes:
        row = self.rows[at]
        offer, codes = self._offer(row, expert, "take")
        if offer is not None and starts_at not in offer.times:
            codes |= {"time_offer.not_offered"}
        elif offer is not None and self._refused_at(row, starts_at):
            codes |= {"booking.time_taken"}
        if offer is None or codes:
            return frozenset(codes)
        self._retime(row, starts_at)
        row.offer = None
        if offer.is_counter:
            row.said_yes.add(row.experts[0])
            self._agree(row)
        return DONE

    def decline_offer(self, at: int, expert: int | None = None) -> Codes:
        row = self.rows[at]
        offer, codes = self._offer(row, expert, "decline")
        if offer is None or codes:
            return frozenset(codes)
        row.offer = None
        if offer.is_counter:
            row.status = "declined"
        return DONE

    def miss(self, at: int) -> Codes:
        """Somebody reports that the meeting of an accepted booking did not come about."""
        row = self.rows[at]
        if row.starts_at + NO_SHOW_GRACE > self.now:
            return frozenset({"service_session.too_early"})
        row.status = "no_show"
        return DONE

    def sweep(self) -> None:
        """What is due happens: holds, requests and offered times run out."""
        for row in self.rows:
            is_over = row.offer is not None and row.offer.answer_by <= self.now
            if row.status == "on_hold" and not self._stands(row):
                self._release(row)
            elif row.status == "accepted" and is_over:
                row.offer = None
            elif row.status == "requested" and is_over:
                row.status = "declined"
            elif row.status == "requested" and row.answer_by and row.answer_by <= self.now:
                row.gone |= row.asked - row.said_yes
                self._settle(row, "expired")

    def claims(self) -> list[tuple[int, str, datetime, datetime]]:
        """The spans that are taken: by which booking, of whom."""
        return sorted(
            (at, who, row.starts_at, row.ends_at)
            for at, row in enumerate(self.rows)
            if row.status in LIVE
            for who in (f"F{row.founder}", *(f"E{expert}" for expert in row.asked))
        )

    def is_booked(self, need: int) -> bool:
        """Whether somebody has been asked for the need; a hold asks nobody yet."""
        states = {row.status for row in self.rows if row.need == need}
        return bool(states & (LIVE - {"on_hold"}))

    def moments(self) -> list[datetime]:
        """The instants ahead at which something ends or begins."""
        ends = [
            moment
            for row in self.rows
            if row.status in LIVE
            for moment in (row.hold_until, row.answer_by, row.starts_at, *row.edges)
            if moment is not None
        ]
        return sorted(moment for moment in ends if moment > self.now)

    def _stands(self, row: Row) -> bool:
        is_over = row.hold_until is not None and row.hold_until <= self.now
        return row.status in LIVE and not is_over

    def _clear_stale(self, experts: set[int], founder: int) -> None:
        for row in self.rows:
            stale = row.status == "on_hold" and not self._stands(row)
            if stale and (row.asked & experts or row.founder == founder):
                self._release(row)

    def _refused_at(self, row: Row, starts_at: datetime) -> set[str]:
        others = [other for other in self.rows if other is not row and self._stands(other)]
        taken = self._taken(others, row.asked, row.founder, starts_at)
        return self._closed(starts_at) | taken

    def _retime(self, row: Row, starts_at: datetime) -> None:
        self._clear_stale(row.asked, row.founder)
        row.starts_at = starts_at
        row.sequence += 1

    def _settle(self, row: Row, end: str) -> None:
        """Let the answers decide: too few left ends the request, all answered makes the meeting."""
        least = LEAST_OF_A_PANEL if row.is_panel else 1
        if row.experts[0] in row.gone or len(row.asked) < least:
            row.status = end
        elif row.asked == row.said_yes:
            self._agree(row)

    def _agree(self, row: Row) -> None:
        row.status, row.offer = "accepted", None
        for other in self.rows:
            if other is not row and other.need == row.need and other.status == "requested":
                other.status = "withdrawn"

    def _may_not_offer(self, row: Row, by: str) -> set[str]:
        is_counter = row.status == "requested"
        codes = self._illegal(row, "accepted", *(() if by == "founder" else ("requested",)))
        if row.is_panel:
            codes |= {"time_offer.panel"}
        if row.starts_at <= self.now:
            codes |= {"booking.already_started"}
        if is_counter and row.answer_by is not None and row.answer_by <= self.now:
            codes |= {"booking.answer_over"}
        if row.offer is not None and row.offer.by != by:
            codes |= {"time_offer.stands"}
        return codes

    def _offer_times(self, row: Row, by: str, times: tuple[datetime, ...]) -> None:
        is_counter = row.status == "requested"
        latest = max(times) if is_counter else min(max(times), row.starts_at)
        until = min(two_working_days_after(self.now), latest)
        row.offer = Offer(by, is_counter, tuple(sorted(times)), until)
        if is_counter:
            row.answer_by = until

    def _offer(self, row: Row, expert: int | None, act: str) -> tuple[Offer | None, set[str]]:
        """Return the offer that stands, or why this side cannot answer it."""
        by = "founder" if expert is None else "mentor"
        hidden = self._hidden(row, expert) if expert is not None else set()
        fits = {"requested": True, "accepted": False}
        if row.offer is None or fits.get(row.status) != row.offer.is_counter:
            return None, hidden | {"time_offer.over"}
        if row.offer.by == by and not (act == "decline" and not row.offer.is_counter):
            return None, hidden | {"time_offer.own"}
        if act == "take" and row.offer.answer_by <= self.now:
            return None, hidden | {"time_offer.over"}
        return row.offer, hidden

    def _release(self, row: Row) -> None:
        row.status, row.hold_until = "released", None

    def _ask(self, row: Row) -> None:
        row.booked_at = self.now
        row.answer_by = min(two_working_days_after(self.now), row.starts_at)

    def _hidden(self, row: Row, expert: int) -> set[str]:
        """What one hears who has nothing to do with the booking, not yet or no longer."""
        if row.status in HIS and expert in row.asked:
            return set()
        return {"booking.not_found", "booking.illegal_transition", "forbidden"}

    def _illegal(self, row: Row, *allowed: str) -> set[str]:
        return set() if row.status in allowed else {"booking.illegal_transition"}

    def _closed(self, starts_at: datetime) -> set[str]:
        local = starts_at.astimezone(ZONE)
        codes = set()
        if starts_at <= self.now:
            codes.add("availability.past")
        if local.date() in OFF:
            codes.add("availability.holiday")
        elif local.time() < OPENS or (local + LENGTH).time() > CLOSES:
            codes.add("availability.closed")
        return codes

    def _taken(
        self, standing: list[Row], experts: set[int], founder: int, starts_at: datetime
    ) -> set[str]:
        near = [row for row in standing if row.meets(starts_at)]
        codes = set()
        for expert in experts:
            held = [month(row.starts_at) for row in standing if expert in row.asked]
            if held.count(month(starts_at)) >= MOST_A_MONTH:
                codes.add("expert.month_full")
            if any(expert in row.asked for row in near):
                codes.add("booking.time_taken")
        if any(row.founder == founder for row in near):
            # Whichever of the two is looked at first may answer.
            codes |= {"booking.founder_busy", "booking.time_taken"}
        return codes

    def _is_late(self, row: Row) -> bool:
        assert row.booked_at is not None
        return row.starts_at - self.now < DAY and self.now - row.booked_at > JUST_BOOKED


def month(moment: datetime) -> int:
    return moment.astimezone(ZONE).month


def is_worked(on: date) -> bool:
    return on in WORKED or (on.weekday() < 5 and on not in OFF)


def two_working_days_after(moment: datetime) -> datetime:
    local = moment.astimezone(ZONE)
    on, clock = local.date(), local.time()
    if not is_worked(on):
        clock = time()
        while not is_worked(on):
            on += DAY
    left = 2
    while left:
        on += DAY
        left -= is_worked(on)
    return datetime.combine(on, clock, tzinfo=ZONE).astimezone(moment.tzinfo)
