"""What the auditor reads: the trail, who looked at what, the nightly look over the books."""

from app.web.bureau.auditing import (
    desk,
    figure,
    log,
    looks,
    self_audits,
)

GROUPS = (desk, figure, self_audits, looks, log)
