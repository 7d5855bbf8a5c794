"""Steps at random, taken by the service and by the model alike; both must tell the same."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.services import bookings
from app.unit_of_work import Store
from tests.machine.driver import Driver
from tests.machine.model import LIVE, NO_SHOW_GRACE, Codes, Model
from tests.moments import START, ZONE

FOUNDERS = (0, 0, 1, 1, 2)
EXPERTS = 3

# Few times, so that people meet; an hour apart, half an hour, and the last of a day.
MINUTES = st.sampled_from((9 * 60, 9 * 60 + 30, 10 * 60, 10 * 60 + 15, 14 * 60, 20 * 60))
TIMES = st.tuples(st.sampled_from((0, 1, 1, 2, 2, 5)), MINUTES)
NEEDS = st.sampled_from(range(len(FOUNDERS)))
ALONE = st.sampled_from([(expert,) for expert in range(EXPERTS)])
TOGETHER = st.sampled_from([(0, 1), (1, 0), (1, 2), (0, 1, 2), (2, 0, 1)])
PICKED = st.integers(0, 10**6)
LEAPS = st.sampled_from([timedelta(minutes=n) for n in (0, 0, 0, 11, 60, 5 * 60, 14 * 60)])
EDGES = st.sampled_from([timedelta(seconds=n) for n in (-1, 0, 1)])
Time = tuple[int, int]


class BookingMachine(RuleBasedStateMachine):
    """Holds, requests, answers, moves, ends; after each step everything is compared."""

    MUST_HAPPEN = (
        "hold", "hold refused", "release", "request", "request refused", "accept",
        "accept refused", "decline", "withdraw", "cancel", "move", "move refused", "no-show",
        "hold together", "offer times", "take offer", "decline offer", "old page", "sweep",
    )  # fmt: skip
    # A clock that goes on changes nothing by itself.
    has_changed = False
    store: Store
    steps: Counter[str]

    @initialize()
    def begin(self) -> None:
        self.has_changed = True
        self.model = Model(START, FOUNDERS)
        self.driver = Driver(self.store, FOUNDERS, EXPERTS)
        self.driver.put_clock(START)

    @rule(need=NEEDS, experts=ALONE, time=TIMES)
    def hold(self, need: int, experts: tuple[int, ...], time: Time) -> None:
        self._hold("hold", need, experts, time)

    @rule(need=NEEDS, experts=ALONE, time=TIMES)
    def hold_and_request(self, need: int, experts: tuple[int, ...], time: Time) -> None:
        self._request(need, experts, time)

    @rule(need=NEEDS, experts=st.one_of(ALONE, TOGETHER), time=TIMES)
    def book(self, need: int, experts: tuple[int, ...], time: Time) -> None:
        if self._request(need, experts, time):
            at = len(self.model.rows) - 1
            for expert in experts:
                self._as("accept", at, expert, self.model.accept, bookings.accept)

    @rule(need=NEEDS, experts=TOGETHER, time=TIMES)
    def ask_several(self, need: int, experts: tuple[int, ...], time: Time) -> None:
        self._request(need, experts, time)

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED)
    def release(self, picked: int) -> None:
        self._founder("release", self._at(picked, "on_hold"), self.model.release, bookings.release)

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED)
    def request(self, picked: int) -> None:
        self._founder("request", self._at(picked, "on_hold"), self.model.request, bookings.request)

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED)
    def accept(self, picked: int) -> None:
        at = self._at(picked, "requested")
        self._as("accept", at, self._expert(at, picked), self.model.accept, bookings.accept)

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED)
    def decline(self, picked: int) -> None:
        at = self._at(picked, "requested")
        expert, verb = self._expert(at, picked), bookings.decline
        self._as("decline", at, expert, self.model.decline, verb, "m_overload")

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED)
    def withdraw(self, picked: int) -> None:
        at = self._at(picked, "requested")
        self._founder("withdraw", at, self.model.withdraw, bookings.withdraw, "f_solved")

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED, reason=st.sampled_from(("solved", "time_conflict", "late_no_reason")))
    def founder_cancels(self, picked: int, reason: str) -> None:
        at, reason = self._at(picked, "accepted"), f"f_{reason}"
        told = self._told(self.model.cancel, reason)
        self._founder("cancel", at, told, bookings.cancel, reason)

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED, reason=st.sampled_from(("illness", "time_conflict", "late_no_reason")))
    def mentor_cancels(self, picked: int, reason: str) -> None:
        at, reason = self._at(picked, "accepted"), f"m_{reason}"

        def told(at: int, expert: int) -> Codes:
            return self.model.cancel(at, reason, expert)

        self._as("cancel", at, self._expert(at, picked), told, bookings.cancel, reason)

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED, time=TIMES)
    def move(self, picked: int, time: Time) -> None:
        self._move(self._at(picked, "requested", "accepted"), self._time(time))

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED, other=PICKED)
    def move_onto_another(self, picked: int, other: int) -> None:
        at = self._at(picked, "requested", "accepted")
        lead = self.model.rows[at].experts[0]
        near = [row for row in self.model.rows if row.status in LIVE and lead in row.asked]
        if near:
            self._move(at, near[other % len(near)].starts_at)

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED, times=st.lists(TIMES, min_size=1, max_size=3), is_mentor=st.booleans())
    def offer_times(self, picked: int, times: list[Time], is_mentor: bool) -> None:
        at = self._at(picked, "requested", "accepted")
        starts = tuple(map(self._time, times))
        expert = self._expert(at, picked) if is_mentor else None
        told = self._told(self.model.offer_times, starts, expert)
        self._side("offer times", at, expert, told, bookings.offer_times, list(starts))

    @precondition(lambda self: self._any("requested"))
    @rule(picked=PICKED, time=TIMES, is_taken=st.booleans())
    def mentor_offers_a_time_and_is_answered(self, picked: int, time: Time, is_taken: bool) -> None:
        asked = self._any("requested")
        at, starts = asked[picked % len(asked)], (self._time(time),)
        expert = self.model.rows[at].experts[0]
        told = self._told(self.model.offer_times, starts, expert)
        self._side("offer times", at, expert, told, bookings.offer_times, list(starts))
        if is_taken:
            told = self._told(self.model.take_offer, starts[0])
            self._founder("take offer", at, told, bookings.take_offer, starts[0])
        else:
            self._founder("decline offer", at, self.model.decline_offer, bookings.decline_offer)

    @precondition(lambda self: self._offered())
    @rule(picked=PICKED, is_other=st.sampled_from((True, True, False)))
    def take_offer(self, picked: int, is_other: bool) -> None:
        at, expert = self._answering(picked, is_other)
        offer = self.model.rows[at].offer
        assert offer is not None
        starts_at = offer.times[picked % len(offer.times)]
        told = self._told(self.model.take_offer, starts_at, expert)
        self._side("take offer", at, expert, told, bookings.take_offer, starts_at)

    @precondition(lambda self: self._offered())
    @rule(picked=PICKED, is_other=st.booleans())
    def decline_offer(self, picked: int, is_other: bool) -> None:
        at, expert = self._answering(picked, is_other)
        told = self._told(self.model.decline_offer, expert)
        self._side("decline offer", at, expert, told, bookings.decline_offer)

    @precondition(lambda self: self._any("accepted"))
    @rule(picked=PICKED, edge=EDGES, is_now=st.booleans())
    def report_no_show(self, picked: int, edge: timedelta, is_now: bool) -> None:
        accepted = self._any("accepted")
        at = accepted[picked % len(accepted)]
        if not is_now:
            due_at = self.model.rows[at].starts_at + NO_SHOW_GRACE + edge
            self._put_clock(max(self.model.now, due_at))
        self._same("no-show", self.model.miss, self.driver.miss, at)

    @precondition(lambda self: self._any("on_hold"))
    @rule(need=NEEDS, picked=PICKED, edge=EDGES)
    def somebody_wants_a_time_as_its_hold_ends(
        self, need: int, picked: int, edge: timedelta
    ) -> None:
        held = self._any("on_hold")
        row = self.model.rows[held[picked % len(held)]]
        assert row.hold_until is not None
        self._put_clock(max(self.model.now, row.hold_until + edge))
        experts = row.experts[:1]
        self._same("hold", self.model.hold, self.driver.hold, need, experts, row.starts_at)

    @precondition(lambda self: self.model.rows)
    @rule(picked=PICKED, time=TIMES)
    def somebody_acts_on_an_old_page(self, picked: int, time: Time) -> None:
        at = self._at(picked, "requested", "accepted")
        row, old = self.model.rows[at], self.driver.version(at) - 1
        for refused in (
            self.driver.by_founder(row, bookings.move, at, self._time(time), version=old),
            self.driver.by_founder(row, bookings.cancel, at, "f_solved", version=old),
            self.driver.by_mentor(row.experts[0], bookings.accept, at, version=old),
        ):
            assert refused, f"a page of version {old} was good enough"
            self.has_changed = True
            self.steps["old page"] += 1

    @rule(leap=LEAPS, edge=EDGES)
    def time_passes(self, leap: timedelta, edge: timedelta) -> None:
        """An hour or so goes by, or the next deadline comes, or a second more or less."""
        ahead = self.model.moments()
        moment = ahead[0] + edge if ahead and not leap else self.model.now + leap
        self._put_clock(max(self.model.now, moment))
        self.steps["clock"] += 1

    @precondition(lambda self: self.model.rows)
    @rule()
    def what_is_due_is_done(self) -> None:
        self.driver.sweep(self.model.now)
        self.model.sweep()
        self.has_changed = True
        self.steps["sweep"] += 1

    @invariant()
    def nothing_differs(self) -> None:
        if not self.has_changed:
            return
        self.has_changed = False
        facts, spans, booked = self.driver.seen()
        told = [
            (row.status, row.starts_at, row.hold_until, row.sequence, row.late, row.excused)
            for row in self.model.rows
        ]
        assert facts == told
        assert spans == self.model.claims()
        assert booked == [self.model.is_booked(need) for need in range(len(FOUNDERS))]

    def _put_clock(self, moment: datetime) -> None:
        self.model.now = moment
        self.driver.put_clock(moment)

    def _hold(self, name: str, need: int, experts: tuple[int, ...], time: Time) -> bool:
        count = len(self.model.rows)
        starts_at = self._time(time)
        self._same(name, self.model.hold, self.driver.hold, need, experts, starts_at)
        return len(self.model.rows) > count

    def _request(self, need: int, experts: tuple[int, ...], time: Time) -> bool:
        name = "hold together" if len(experts) > 1 else "hold"
        if not self._hold(name, need, experts, time):
            return False
        at = len(self.model.rows) - 1
        self._founder("request", at, self.model.request, bookings.request)
        return self.model.rows[at].status == "requested"

    def _move(self, at: int, starts_at: datetime) -> None:
        row = self.model.rows[at]
        if row.experts[0] in row.gone and row.status == "accepted":
            # Without who leads the bureau decides first what becomes of the meeting.
            return
        self._founder("move", at, self._told(self.model.move, starts_at), bookings.move, starts_at)

    def _founder(
        self, name: str, at: int, told: Callable[[int], Codes], verb: Any, *args: Any
    ) -> None:
        row = self.model.rows[at]
        self._same(name, told, lambda at: self.driver.by_founder(row, verb, at, *args), at)

    def _as(
        self,
        name: str,
        at: int,
        expert: int,
        told: Callable[[int, int], Codes],
        verb: Any,
        *args: Any,
    ) -> None:
        def real(at: int) -> Codes:
            return self.driver.by_mentor(expert, verb, at, *args)

        self._same(name, lambda at: told(at, expert), real, at)

    def _side(
        self,
        name: str,
        at: int,
        expert: int | None,
        told: Callable[[int], Codes],
        verb: Any,
        *args: Any,
    ) -> None:
        if expert is None:
            self._founder(name, at, told, verb, *args)
        else:
            self._as(name, at, expert, lambda at, _: told(at), verb, *args)

    def _told(self, told: Callable[..., Codes], *args: Any) -> Callable[[int], Codes]:
        return lambda at: told(at, *args)

    def _same(
        self, name: str, told: Callable[..., Codes], real: Callable[..., Codes], *args: Any
    ) -> None:
        self.has_changed = True
        expected = told(*args)
        found = real(*args)
        self.steps[f"{name} refused" if found else name] += 1
        assert bool(found) == bool(expected), f"{name}: {set(found)} and not {set(expected)}"
        assert found <= expected, f"{name}: {set(found)} is none of {set(expected)}"

    def _any(self, status: str) -> list[int]:
        return [at for at, row in enumerate(self.model.rows) if row.status == status]

    def _offered(self) -> list[int]:
        return [at for at, row in enumerate(self.model.rows) if row.offer is not None]

    def _answering(self, picked: int, is_other: bool) -> tuple[int, int | None]:
        """Return a booking for which times are offered, and who answers: the other side, or not."""
        offered = self._offered()
        at = offered[picked % len(offered)]
        offer = self.model.rows[at].offer
        assert offer is not None
        is_mentor = (offer.by == "founder") == is_other
        return at, self.model.rows[at].experts[0] if is_mentor else None

    def _at(self, picked: int, *statuses: str) -> int:
        """Return a booking in one of the states three times out of four, else any."""
        rows = range(len(self.model.rows))
        apt = [at for at in rows if self.model.rows[at].status in statuses]
        chosen = apt if apt and picked % 4 else rows
        return chosen[picked // 4 % len(chosen)]

    def _expert(self, at: int, picked: int) -> int:
        experts = self.model.rows[at].experts
        return experts[picked // 64 % len(experts)]

    def _time(self, time: Time) -> datetime:
        days, minute = time
        local = self.model.now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        starts_at = local + timedelta(days=days, minutes=minute)
        return starts_at.astimezone(START.tzinfo)
