"""Replay files: the project's own cases, and random ones that are always well formed."""

import copy
import json
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

CASES = Path(__file__).parent / "data" / "counting_cases.json"
TYPES = [
    *("consultation", "diagnosis", "tutoring", "roundtable", "lecture", "review", "follow_up"),
]
VOIDS = [
    *("duplicate", "voided", "no_show_founder", "no_show_mentor", "no_show_both"),
    *("tech_failure", "not_a_session", "test_data", "disputed"),
]
MINUTES = [0, 10, 15, 20, 29, 30, 31, 35, 44, 45, 59, 60, 90, 120, 180]
DAYS = [f"2026-{text}" for text in ("08-31", "09-10", "09-10", "09-29", "09-30", "10-01", "10-31")]
QUESTIONS = [
    *(f"working_days_to_close_2026_{month:02d}" for month in (8, 9, 10, 12)),
    *(f"2026-{m:02d}_{s}" for m in (8, 9, 10) for s in ("own", "as_reported", "restated")),
    "not_counted",
]


def the_cases() -> dict[str, Any]:
    cases: dict[str, Any] = json.loads(CASES.read_text(encoding="utf-8"))
    return cases


def a_random_file(seed: int) -> dict[str, Any]:
    """Return a well-formed file in which half of the timed sessions have a second part."""
    random = Random(seed)  # noqa: S311 - test data, not a secret
    file = the_cases()
    file["sessions"] = [_session(random, number) for number in range(random.randrange(20))]
    file["sessions"] += [
        _second_part(random, session)
        for session in file["sessions"]
        if "start" in session and random.random() < 0.5
    ]
    file["corrections"] = [
        _correction(random, s) for s in file["sessions"] if random.random() < 0.2
    ]
    file["policy"]["min_minutes"] = {t: random.choice([0, 30, 60]) for t in random.sample(TYPES, 5)}
    file["policy"]["merge_gap_minutes"] = random.choice([0, 5, 60, 120, 300])
    file["policy"]["close_working_day"] = random.randrange(1, 12)
    for mentor in random.sample(sorted(file["terms"]), 3):
        file["terms"][mentor] = [
            random.choice(["2025-01-01", "2025-01-01", _day(random)]),
            _term_end(random),
        ]
        extension = {"mentor": mentor, "from": _day(random), "to": _day(random)}
        file["extensions"].append(extension | {"approved_on": _day(random)})
    for venture in file["ventures"]:
        file["ventures"][venture] = {"registered_on": random.choice([None, _day(random)])}
    file["calendar_2026"]["off_weekdays"] += [_day(random)]
    file["calendar_2026"]["work_weekends"] += [_day(random)]
    file["expected"] = dict.fromkeys(QUESTIONS)
    return file


def changed(**parts: Any) -> dict[str, Any]:
    """Return the project's cases with whole parts replaced."""
    return the_cases() | copy.deepcopy(parts)


def _day(random: Random) -> str:
    return (date(2026, 8, 25) + timedelta(random.randrange(80))).isoformat()


def _term_end(random: Random) -> str:
    return random.choice(["2028-06-30", "2028-06-30", _day(random)])


def _session(random: Random, number: int) -> dict[str, Any]:
    minutes = random.choice(MINUTES)
    served_on = random.choice(DAYS)
    experts = random.choice([["M1"], ["M1"], ["M7"], ["M1", "M7"], ["M7", "M1"], []])
    session: dict[str, Any] = {
        "id": f"S{number}",
        "type": random.choice(["consultation", "consultation", *TYPES]),
        "date": served_on,
        "minutes": minutes,
        "experts": {expert: random.choice([minutes, minutes + 15]) for expert in experts},
        "attendees": random.choice([["F1"], ["F1"], ["F1", "F2"], ["L01..L03", "L02"], []]),
        "venture": random.choice([None, "V1", "V3", "V3"]),
        "topic": random.choice(["ip", "ip", "permits"]),
    }
    return session | _optional(random, date.fromisoformat(served_on))


def _second_part(random: Random, session: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the same people that starts around or after the end of the first."""
    hours, minutes = map(int, session["start"].split(":"))
    pause = random.choice([-5, 0, 1, 5, 60, 120, 121, 300])
    start = min(max(hours * 60 + minutes + session["minutes"] + pause, 0), 24 * 60 - 1)
    length = random.choice(MINUTES)
    experts = dict.fromkeys(session["experts"], length)
    part = {"id": session["id"] + random.choice("ab"), "minutes": length, "experts": experts}
    confirmed_on = {"confirmed_on": session["date"]} if random.random() < 0.7 else {}
    return session | part | confirmed_on | {"start": f"{start // 60:02d}:{start % 60:02d}"}


def _optional(random: Random, served_on: date) -> dict[str, Any]:
    start = f"{random.randrange(8, 13):02d}:{random.choice([0, 10, 30, 35]):02d}"
    confirmed_on = served_on + timedelta(random.choice([0, 1, 14, 40, 200]))
    chances = {
        "start": (0.8, start),
        "confirmed_on": (0.85, confirmed_on.isoformat()),
        "anonymous": (0.3, random.randrange(5)),
        "void": (0.1, random.choice(VOIDS)),
        "conflict": (0.08, "equity_interest"),
    }
    chosen = {k: value for k, (chance, value) in chances.items() if random.random() < chance}
    return chosen | {"reviewed_projects": random.randrange(15)}


def _correction(random: Random, session: dict[str, Any]) -> dict[str, Any]:
    return {
        "session": session["id"],
        "made_on": _day(random),
        "op": "remove_attendee",
        "value": random.choice(["F1", "F2", "L02"]),
    }
