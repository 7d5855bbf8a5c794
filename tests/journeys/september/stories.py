"""The stories 1, 3, 4, 5, 6 and 7, by the days of September.

The ids of the meetings are those of tests/unit/domain/data/counting_cases.json.
"""

from datetime import datetime
from uuid import UUID

from app.models.activity import Activity, ReviewProject
from app.models.person import PersonDouble
from app.models.service_session import ServiceSession
from tests.journeys.counted import enter
from tests.journeys.september.acts import WORDS, Acts
from tests.journeys.september.people import PROJECTS, People
from tests.journeys.visits import deliver
from tests.moments import at

JUDGES = ("M1", "M2", "M3", "M5", "M8")
SHEET = {
    "number": "QD260917-7KQ4M",
    "day": "2026-09-17",
    "filed_at": "档案柜 3-12",
    "rows": [
        {
            "position": 1,
            "name": "吴迪",
            "expert": "何伟",
            "session_type": "tutoring",
            "topic": "equity_financing",
            "mode": "onsite",
            "starts": "14:00",
            "ends": "15:00",
            "text": WORDS,
            "advice": "先算清楚要多少钱、出让多少股份。",
            "result": "advised",
            "consented_on": "2026-09-17",
            "document": "居民身份证",
        }
    ],
}


class September:
    """The stories on their way: who takes part, and what he does."""

    def __init__(self, people: People) -> None:
        self.people, self.district = people, people.district
        self.acts = Acts(people.district.store, people.district)
        self.ids = people.sessions

    def wait(self, moment: str) -> None:
        """Let the time pass, and the worker do what is due by then."""
        self.district.wait_until(moment)
        deliver(self.district.store)

    # ---- before the meetings

    def announce(self) -> None:
        """Stories 7 and 5: the lecture A5 and the review A11."""
        self.wait("09-01 09:00")
        people, common = self.people, {"department": "hrss", "place": "区人社局一楼报告厅"}
        lecture = {
            "kind": "lecture",
            "title": "创业补贴怎么申请",
            "summary": "讲清一次性创业补贴和贷款贴息的条件与材料。",
            "starts_at": at("09-12 09:00").isoformat(),
            "ends_at": at("09-12 10:30").isoformat(),
            "experts": [str(people.mentor("M2").expert.id)],
            "topic": "policy_subsidy",
            "seat_total": 80,
        }
        review = {
            "kind": "review",
            "title": "创业大赛初评",
            "summary": "十二个项目，现场评分。",
            "starts_at": at("09-18 09:00").isoformat(),
            "ends_at": at("09-18 12:00").isoformat(),
            "experts": [str(people.mentor(code).expert.id) for code in JUDGES],
            "criteria": [{"name": "创新", "weight": 40}, {"name": "市场", "weight": 60}],
        }
        for body in (lecture, review):
            self.acts.post(people.officer, "/activities", **common, **body)
        page = f"/bureau/activities/{self.activity('review').id}/review"
        for venture in people.projects:
            self.acts.fill_in(people.officer, page, f"{page}/projects", venture_id=str(venture.id))

    def activity(self, kind: str) -> Activity:
        found: Activity = self.district.one(Activity, Activity.kind == kind)
        return found

    # ---- September, day by day

    def short_call(self) -> None:
        """Story 6, A3: twenty minutes by phone, rated all the same."""
        lin, zhou = self.people.mentor("M6"), self.people.founder("F5")
        self.wait("09-04 10:00")
        asked = {"start": "09-08 14:00", "topic": "finance_tax", "mode": "phone"}
        self.ids["A3"] = session = self.acts.booked(zhou, lin, **asked)
        self.acts.held(lin, session, "09-08 14:00", 20)
        self.acts.recorded(lin, session)
        self.acts.confirmed(zhou, session, rating=4)

    def split_record(self) -> None:
        """Story 6, A4: one service of 65 minutes entered as two rows by an eager clerk."""
        gao, sun = self.people.mentor("M5"), self.people.founder("F4")
        self.wait("09-11 09:00")
        for code, start, minutes in (("A4a", "09-10 09:00", 35), ("A4b", "09-10 10:00", 30)):
            entered = enter(self.district, gao, sun, start, minutes, topic="ecommerce")
            self.ids[code] = entered.id
        for code in ("A4b", "A4a"):
            self.acts.compared(self.people.second_clerk, self.ids[code])

    def lecture(self) -> None:
        """Story 7, A5: 42 sign in, one of them twice, and the guard counts 11 more."""
        people, lecture = self.people, self.activity("lecture")
        path = f"/activities/{lecture.id}"
        self.wait("09-12 08:50")
        code = self.acts.programs.get(people.officer, f"{path}/door")["door_code"]
        for number in ("F1", "F2"):
            self.acts.post(people.founder(number).actor, f"{path}/check-in", code=code)
        for number in [*range(1, 41), 40]:
            listener = {"name": f"听众{number:02}", "phone": f"1390000{1000 + number}"}
            self.acts.post(people.officer, f"{path}/sign-ins", code=code, **listener)
        for _ in range(11):
            self.acts.post(people.officer, f"{path}/heads", by=1)
        self.wait("09-12 10:30")
        times = {"actual_start": lecture.starts_at, "actual_end": lecture.ends_at}
        self.ids["A5"] = self._closed(lecture, times, "讲完了，答了八个问题。")

    def panel(self) -> None:
        """Story 3, A2: three experts, one of whom leaves early and dissents."""
        people, acts = self.people, self.acts
        chen, liu, he = (people.mentor(code) for code in ("M2", "M3", "M4"))
        wang, zhao = people.founder("F2"), people.founder("F3")
        self.wait("09-12 14:00")
        self.ids["A2"] = session = acts.booked(
            wang,
            *(chen, liu, he),
            start="09-15 14:00",
            minutes=120,
            session_type="diagnosis",
            topic="business_model",
            by=people.officer,
            lead_expert_id=str(chen.expert.id),
            quorum=2,
            companion_ids=[str(zhao.person_id)],
        )
        self.wait("09-15 13:55")
        acts.come(session, wang, zhao, chen, liu, he)
        acts.held(chen, session, "09-15 14:00", 120)
        acts.recorded(chen, session)
        for mentor, left, more in (
            (liu, "16:00", {}),
            (he, "15:15", {"dissent": "第 4 条不同意。"}),
        ):
            times = {"in_at": "09-15 14:00", "out_at": f"09-15 {left}"}
            signed = {name: at(moment).isoformat() for name, moment in times.items()}
            acts.post(mentor.actor, f"/service-sessions/{session}/sign", **signed, **more)

    def panel_confirmed(self) -> None:
        """Story 3, step 5: the contact for the company, the other for himself."""
        self.wait("09-17 10:00")
        for code in ("F2", "F3"):
            self.acts.confirmed(self.people.founder(code), self.ids["A2"])

    def no_show(self) -> None:
        """Story 4, A6: nobody comes, which is reported on the day."""
        gao, wang = self.people.mentor("M5"), self.people.founder("F2")
        self.wait("09-15 17:00")
        asked = {"start": "09-16 15:00", "topic": "marketing", "by": self.people.officer}
        self.ids["A6"] = session = self.acts.booked(wang, gao, **asked)
        self.wait("09-16 14:58")
        self.acts.come(session, gao)
        self.wait("09-16 15:31")
        path = f"/service-sessions/{session}"
        reported = {"who": "no_show_founder", "reason": "等到 15:31，电话没有接"}
        self.acts.post(gao.actor, f"{path}/no-show", **reported)

    def contest(self) -> None:
        """Story 4, step 2: on the second day after it."""
        self.wait("09-18 14:00")
        said = {"statement": "15:20 到了，前台没有人，有照片"}
        path = f"/service-sessions/{self.ids['A6']}/contest"
        self.acts.post(self.people.founder("F2").actor, path, **said)

    def review(self) -> None:
        """Story 5, A11: five judges, one of whom stands aside from one of twelve projects."""
        people, review = self.people, self.activity("review")
        self.wait("09-18 09:30")
        projects = self.district.rows(ReviewProject)
        assert len(projects) == PROJECTS
        for code in JUDGES:
            for project in projects:
                if (code, project.venture_id) != ("M3", people.projects[0].id):
                    path = f"/review-projects/{project.id}/sheet"
                    self.acts.post(people.mentor(code).actor, path, marks=[80, 85])
        self.acts.post(people.officer, f"/activities/{review.id}/ranking")
        self.wait("09-18 12:00")
        times = {"actual_start": review.starts_at, "actual_end": review.ends_at}
        self.ids["A11"] = self._closed(review, times, "纪要由主任和秘书签字，在评审柜第 3 号。")

    def _closed(self, activity: Activity, times: dict[str, datetime], note: str) -> UUID:
        body = {name: moment.isoformat() for name, moment in times.items()}
        path = f"/activities/{activity.id}/close"
        self.acts.post(self.people.officer, path, **body, note=note)
        held = ServiceSession.activity_id == activity.id
        session: ServiceSession = self.district.one(ServiceSession, held)
        return session.id

    def tie(self) -> None:
        """Story 5, A7: entered for a stranger, who turns out to be the founder of V4."""
        people, acts = self.people, self.acts
        self.wait("09-18 16:00")
        acts.post(people.liaison, "/paper-sheets", **SHEET)
        held_at = ServiceSession.planned_starts_at == at("09-17 14:00")
        session = self.district.one(ServiceSession, held_at)
        self.ids["A7"] = session.id
        acts.compared(people.second_clerk, session.id)
        self.wait("09-19 10:00")
        known = people.founder("F6").person_id
        same = {"other_id": str(session.founder_person_id), "grounds": "同名，证件相同"}
        acts.post(people.officer, f"/persons/{known}/doubles", **same)
        double = self.district.one(PersonDouble)
        acts.post(people.approver, f"/person-doubles/{double.id}/approve")

    def sunday_asked(self) -> None:
        """Story 1, A1: a plain consultation, asked for a Sunday that is worked."""
        zhang, li = self.people.mentor("M1"), self.people.founder("F1")
        self.wait("09-16 16:00")
        self.ids["A1"] = self.acts.booked(li, zhang, start="09-20 09:30")

    def sunday(self) -> None:
        """Story 1, A1: held five minutes longer than planned."""
        zhang, li = self.people.mentor("M1"), self.people.founder("F1")
        session = self.ids["A1"]
        self.wait("09-20 09:30")
        self.acts.come(session, li, zhang)
        self.acts.held(zhang, session, "09-20 09:30", 55)
        self.wait("09-21 10:00")
        self.acts.recorded(zhang, session)
        self.acts.confirmed(li, session, rating=5)
