"""Reports that go upstairs: made as files, one press for each rhythm."""

from app.web.bureau.reporting import conditions, desk

GROUPS = (desk, conditions)
