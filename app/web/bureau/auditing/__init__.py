"""What the auditor reads and does: the trail, looks, the nightly self-audit, samples, signals."""

from app.web.bureau.auditing import (
    desk,
    figure,
    log,
    looks,
    sample_calls,
    samples,
    self_audits,
    signals,
)

GROUPS = (figure, desk, self_audits, signals, looks, log, samples, sample_calls)
