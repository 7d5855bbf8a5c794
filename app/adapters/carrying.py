"""What carries messages out of the service, a carrier for each channel."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from app.adapters.absences import Absences
from app.adapters.email import Transport
from app.domain.message import (
    Channel,
    Errand,
    Letter,
    NeverTakenError,
    NotHandedOverError,
    Reason,
    Receipt,
    ShortMessage,
    UnclearError,
)


class ShortTransport(Protocol):
    """Carries short messages; the same key twice is the same message."""

    def send(self, message: ShortMessage) -> Receipt:
        """Send one message; raises when trying again may help."""
        ...


@runtime_checkable
class Gateway(ShortTransport, Protocol):
    """Delivers twice what it is given twice, but can say what became of it."""

    def ask(self, key: str) -> Receipt | None:
        """Return what became of a message, None when the gateway never had it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """A carrier for each channel.

    One that is away is not waited for again within a minute: others wait behind what is sent.
    """

    email: Transport
    sms: ShortTransport | Gateway
    absences: Absences = field(default_factory=Absences)

    @property
    def asked(self) -> Collection[Channel]:
        """Return the channels whose carrier is asked instead of given something twice."""
        return frozenset({Channel.SMS}) if isinstance(self.sms, Gateway) else frozenset()

    def carry(self, errand: Errand) -> Receipt:
        """Do what the errand says.

        Raises:
            NotHandedOverError: the carrier certainly did not take it, and may later.
            UnclearError: nobody knows, or the carrier does not say.
        """
        if errand.parcel is None:
            return self._asked(errand)
        away = self.absences.of(errand.channel)
        if away is not None:
            raise NotHandedOverError(away)
        try:
            if isinstance(errand.parcel, Letter):
                return self.email.send(errand.parcel)
            return self.sms.send(errand.parcel)
        except NotHandedOverError as error:
            if str(error).startswith(Reason.CARRIER_AWAY):
                self.absences.note(errand.channel, str(error))
            raise
        except UnclearError:
            # A mail server that takes a letter and says no more would have us wait for each.
            if errand.channel is Channel.EMAIL:
                self.absences.note(errand.channel, Reason.CARRIER_AWAY.saying("no answer"))
            raise

    def _asked(self, errand: Errand) -> Receipt:
        if not isinstance(self.sms, Gateway):
            raise TypeError(f"nobody can be asked about {errand.channel} {errand.key}")
        receipt = self.sms.ask(errand.key)
        if receipt is None:
            raise NeverTakenError(Reason.NEVER_TAKEN)
        return receipt
