"""What the auditor reads: the trail and the nightly look over the books."""

from app.web.bureau.auditing import (
    log,
    self_audits,
)

GROUPS = (self_audits, log)
