"""The verbs of a letter's link: offered with the letter, then used, once."""

from app.services.mail_links.answering import Answer, answer
from app.services.mail_links.choosing import choose
from app.services.mail_links.confirming import confirm
from app.services.mail_links.offering import offer
from app.services.mail_links.recording import record

__all__ = ["Answer", "answer", "choose", "confirm", "offer", "record"]
