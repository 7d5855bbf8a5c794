"""Reports that go upstairs: made as files, one press for each rhythm."""

from app.web.bureau.reporting import desk

GROUPS = (desk,)
