"""The verbs of a meeting: check in, finish, sign, report that somebody did not come."""

from app.services.service_sessions.arriving import Arrival, arrive, check_in, take_back_arrival
from app.services.service_sessions.contesting import contest, open_dispute, speaker
from app.services.service_sessions.hands import has_hand_in
from app.services.service_sessions.holding import (
    Finish,
    OwnTimes,
    attendances,
    finish,
    open_outcome,
)
from app.services.service_sessions.leading import pass_lead_on
from app.services.service_sessions.missing import report_no_show
from app.services.service_sessions.origin import asker_of, booking_id_of, need_id_of
from app.services.service_sessions.signing import LONGEST_DISSENT, sign

__all__ = [
    "LONGEST_DISSENT",
    "Arrival",
    "Finish",
    "OwnTimes",
    "arrive",
    "asker_of",
    "attendances",
    "booking_id_of",
    "check_in",
    "contest",
    "finish",
    "has_hand_in",
    "need_id_of",
    "open_dispute",
    "open_outcome",
    "pass_lead_on",
    "report_no_show",
    "sign",
    "speaker",
    "take_back_arrival",
]
