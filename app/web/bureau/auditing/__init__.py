"""What the auditor reads: the trail, who looked at what, the nightly look over the books."""

from app.web.bureau.auditing import (
    log,
    looks,
    self_audits,
)

GROUPS = (self_audits, looks, log)
