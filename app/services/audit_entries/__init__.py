"""The trail sealed in batches, and the proof that nothing of it was touched."""

from app.services.audit_entries.report import Fault, Report
from app.services.audit_entries.sealing import Sealed, seal
from app.services.audit_entries.verifying import verify

__all__ = ["Fault", "Report", "Sealed", "seal", "verify"]
