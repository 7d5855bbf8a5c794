"""The running service: jobs, the outbox, webhooks."""

from app.web.bureau.running import (
    jobs,
    outbox,
    webhooks,
)

GROUPS = (outbox, jobs, webhooks)
