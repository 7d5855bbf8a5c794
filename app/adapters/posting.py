"""Events posted to other systems and to robots, at addresses that an administrator typed."""

import http.client
import json
import time
from dataclasses import dataclass, field

from app.adapters.absences import Absences
from app.adapters.reaching import AddressRefusedError, Answer, Question, Reach
from app.domain.webhook import KEPT_CHARACTERS, Call, CallFailedError, Reply, host_of

SECONDS = 5.0
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster(Reach):
    """Posts events, follows no redirect, and waits no longer than it says.

    Attributes:
        seconds: for everything together.
        hosts: where the operator limits them, the only ones; empty allows all that are public.
        absences: hosts that gave no answer, which are not waited for again within a minute.
    """

    seconds: float = SECONDS
    hosts: frozenset[str] = frozenset()
    absences: Absences = field(default_factory=Absences)

    def post(self, call: Call) -> Reply:
        """Post one event and return what the receiver answered, once it has taken it.

        Raises:
            CallFailedError: it did not, or nobody knows.
        """
        host = host_of(call.address)
        if self.hosts and host not in self.hosts:
            raise CallFailedError("host not allowed")
        away = self.absences.of(host)
        if away is not None:
            raise CallFailedError(away)
        question = Question(
            method="POST",
            address=call.address,
            headers=call.headers,
            body=call.body,
            most_bytes=MOST_BYTES,
        )
        try:
            answer = self.ask(question, time.monotonic() + self.seconds)
        except AddressRefusedError as error:
            raise CallFailedError("address refused") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            words = f"{type(error).__name__}: {error}"
            self.absences.note(host, words)
            raise CallFailedError(words) from error
        said = answer.body.decode("utf-8", "replace").replace("\0", "")
        if not _is_taken(answer, call):
            raise CallFailedError(f"HTTP {answer.status}", answer.status, said)
        return Reply(answer.status, said[:KEPT_CHARACTERS])


def _is_taken(answer: Answer, call: Call) -> bool:
    if not http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
        return False
    if len(answer.body) > MOST_BYTES:
        return False
    if not call.is_robot:
        return True
    try:
        said = json.loads(answer.body)
    except ValueError:
        return False
    # Robots answer 200 to everything and say inside whether they took it.
    return isinstance(said, dict) and said.get("errcode") == 0
