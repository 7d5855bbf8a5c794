"""What experts owe and have done: the duty board and the rows behind each number."""

from app.web.bureau.duty import (
    appraisals,
    board,
    certificates,
    claims,
    honours,
    points,
    renewals,
)

GROUPS = (points, certificates, renewals, claims, honours, appraisals, board)
