"""The stories 2, 4, 8 and 9: the end of September, October, the closing, and what came after it."""

from datetime import date

from app.domain.clock import FixedClock
from app.models.outcome import Dispute
from app.unit_of_work import Store
from tests.journeys.counted import cut
from tests.journeys.september.people import ENDS, People
from tests.journeys.september.stories import September
from tests.scenes import after

CLOSES = "10-13 09:00"
PAPER = "历人社聘〔2026〕9号"


class Autumn(September):
    """September as it goes on and is closed."""

    def ruling(self) -> None:
        """Story 4: 老田, who had no hand in it, upholds that the founder did not come."""
        self.wait("09-22 09:00")
        dispute = self.district.one(Dispute)
        upheld = {"ruling": "no_show_founder", "text": "已核实签到和照片"}
        self.acts.post(self.people.approver, f"/disputes/{dispute.id}/rule", **upheld)

    def late_refusal(self) -> None:
        """Story 2: one mentor cancels on the day, the next takes over; nobody comes to meet."""
        gao, xu, wang = (
            self.people.mentor("M5"),
            self.people.mentor("M8"),
            self.people.founder("F2"),
        )
        self.wait("09-21 14:00")
        asked = {"topic": "marketing", "may_pass_on": False}
        session = self.acts.booked(wang, gao, start="09-22 14:00", **asked)
        self.ruling()
        self.wait("09-22 09:40")
        booking = self.acts.programs.get(gao.actor, f"/service-sessions/{session}")["booking_id"]
        reason = {"reason": "m_late_no_reason"}
        self.acts.post(gao.actor, f"/bookings/{booking}/cancel", **reason)
        self.wait("09-22 10:15")
        self.ids["other"] = self.acts.booked(wang, xu, start="09-22 14:00", **asked)

    def term_ends(self) -> None:
        """Story 9: agreed for October, then the term ends; extended in time, it can be held."""
        zheng, sun = self.people.mentor("M7"), self.people.founder("F4")
        self.wait("09-28 09:00")
        asked = {"start": "10-09 14:00", "topic": "ecommerce"}
        self.ids["A10"] = self.acts.booked(sun, zheng, **asked)
        cut(self.district, zheng, ENDS)
        self.wait("09-28 10:00")
        until = {"until": "2026-10-30", "document": PAPER}
        path = f"/experts/{zheng.expert.id}/terms/extend"
        self.acts.post(self.people.approver, path, **until)

    def silent_founder(self) -> None:
        """Story 8, A8: recorded in time; the founder says nothing."""
        lin, zhou = self.people.mentor("M6"), self.people.founder("F5")
        asked = {"start": "09-29 14:00", "minutes": 60, "topic": "finance_tax"}
        self.ids["A8"] = session = self.acts.booked(zhou, lin, **asked)
        self.acts.held(lin, session, "09-29 14:00", 60)
        self.wait("09-30 10:00")
        self.acts.recorded(lin, session)

    def october(self) -> None:
        """Story 9, A10: held within the extension."""
        zheng, sun = self.people.mentor("M7"), self.people.founder("F4")
        session = self.ids["A10"]
        self.wait("10-09 13:55")
        self.acts.come(session, sun, zheng)
        self.acts.held(zheng, session, "10-09 14:00", 45)
        self.acts.recorded(zheng, session)
        self.wait("10-10 10:00")
        self.acts.confirmed(sun, session)

    def close(self) -> None:
        """Story 8, step 2, at the page of the month."""
        self.wait(CLOSES)
        page, to = "/bureau/reports/2026-09", "/bureau/periods/2026-09/close"
        self.acts.fill_in(self.people.approver, page, to)

    def late_confirmation(self) -> None:
        """Story 8, step 3."""
        self.wait("10-14 10:00")
        self.acts.confirmed(self.people.founder("F5"), self.ids["A8"])

    def strike(self) -> None:
        """Story 8, step 4, A9: 赵敏 was not there."""
        self.wait("10-20 10:00")
        struck = {"value": str(self.people.founder("F3").person_id)}
        who = (self.people.officer, self.people.approver)
        self.acts.correct(self.ids["A2"], *who, "remove_attendee", **struck)

    def renewal(self) -> None:
        """Story 9, step 4: from the day on which it was approved."""
        self.wait("11-02 09:00")
        days = {"starts_on": "2026-11-02", "ends_on": date(2029, 11, 1).isoformat()}
        path = f"/experts/{self.people.mentor('M7').expert.id}/terms"
        # His term is short of thirty hours: it is renewed with a reason only.
        why = {"document": PAPER, "reason": "本届接待时间少，下一届已商定每月坐诊"}
        self.acts.post(self.people.approver, path, **why, **days)

    def close_october(self) -> None:
        self.wait("11-06 09:00")
        page, to = "/bureau/reports/2026-10", "/bureau/periods/2026-10/close"
        self.acts.fill_in(self.people.approver, page, to)


def closed_september(store: Store, clock: FixedClock) -> People:
    """Play the stories 1 to 9 up to the closing of September."""
    people = People(store, clock)
    story = Autumn(people)
    for chapter in (
        *(story.announce, story.short_call, story.split_record, story.lecture, story.panel),
        *(story.no_show, story.sunday_asked, story.panel_confirmed, story.review, story.contest),
        *(story.tie, story.sunday, story.late_refusal, story.term_ends, story.silent_founder),
        *(story.october, story.close),
    ):
        chapter()
    return people


@after(closed_september)
def amended_september(people: People) -> People:
    """Play the rest of story 8: the late confirmation, and one who was not there."""
    story = Autumn(people)
    for chapter in (story.late_confirmation, story.strike, story.renewal):
        chapter()
    return people
