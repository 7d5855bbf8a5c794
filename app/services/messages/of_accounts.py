"""What a message says of an account whose term comes to its end."""

from app.models.account import Account
from app.services.messages.concern import Concern, text
from app.unit_of_work import UnitOfWork


def of_account(_uow: UnitOfWork, account: Account) -> Concern:
    """Return whose account it is, and until when it serves."""
    return Concern(
        facts={"whose": account.name, "deadline": text(account.expires_at)},
        status="",
        account_id=account.id,
        pages={"account_id": str(account.id)},
    )
