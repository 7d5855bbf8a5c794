"""Evidence bundles 证据包: everything from which others recount a closed month without us."""

from app.queries.evidence_bundles.bundle import BundleTooLongError, Issuer, bundle
from app.queries.evidence_bundles.packing import document, pack

__all__ = ["BundleTooLongError", "Issuer", "bundle", "document", "pack"]
