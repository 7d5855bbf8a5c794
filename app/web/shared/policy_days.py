"""How many days the policy in force today gives for something, as pages say it."""

from flask import Flask

from app.domain.calendar import local_day
from app.domain.policy_number import PolicyNumber
from app.domain.service_record import policy_on
from app.http.run import reading
from app.queries import policy_numbers
from app.queries.service_counts.policies import load_policies


def register(app: Flask) -> None:
    """Let templates ask by the name of the number; what begins today is judged by it."""

    def policy_days(name: str) -> int:
        with reading() as reader:
            number = PolicyNumber[name]
            return policy_numbers.policy_number(reader, number, local_day(reader.now))

    def closing_day() -> int:
        with reading() as reader:
            return policy_on(load_policies(reader), local_day(reader.now)).close_working_day

    app.jinja_env.globals.update(policy_days=policy_days, closing_day=closing_day)
