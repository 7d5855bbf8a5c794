"""The pool of mentors: appointments, terms, suspensions, waivers, imports."""

from app.web.bureau.pool import (
    imports,
    mentors,
    stand_downs,
    suspended,
    terms,
    waivers,
)

GROUPS = (suspended, waivers, mentors, terms, stand_downs, imports)
