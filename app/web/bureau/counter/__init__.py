"""The counter 柜台: people who come in person, their papers, arrivals and paper records."""

from app.web.bureau.counter import (
    arrivals,
    consents,
    counter,
    desk,
    desk_people,
    doubles,
    erasures,
    own_copies,
    persons,
    sheet_scans,
    sheets,
)

GROUPS = (
    persons,
    desk,
    desk_people,
    doubles,
    erasures,
    consents,
    own_copies,
    arrivals,
    sheets,
    sheet_scans,
    counter,
)
