"""What a diagnosis refuses."""

from app.domain.errors import ConflictError, RuleError


class NotDiagnosisError(RuleError):
    """The meeting is of another kind and has no workspace."""

    default_code = "diagnosis.wrong_type"


class NotHeldError(RuleError):
    """A report is issued once the meeting is over and its times are known."""

    default_code = "diagnosis.not_held"


class NoFindingError(RuleError):
    """A report without a single finding says nothing."""

    default_code = "diagnosis.no_finding"


class LeadOnlyError(RuleError):
    """Who leads the panel drafts and issues its report."""

    default_code = "diagnosis.lead_only"


class NotSignerError(RuleError):
    """The report does not wait for this expert's signature: he was not there, or is recused."""

    default_code = "diagnosis.not_signer"


class RecusedError(ConflictError):
    """The expert stands aside from this diagnosis already."""

    default_code = "diagnosis.recused_already"


class SignedAlreadyError(ConflictError):
    """The expert has signed this version."""

    default_code = "diagnosis.signed_already"


class ReplacedError(ConflictError):
    """The version is being replaced, or was; nobody signs it any more."""

    default_code = "diagnosis.report_replaced"


class NotPresentedError(RuleError):
    """Nothing was presented yet that could be understood."""

    default_code = "diagnosis.not_presented"
