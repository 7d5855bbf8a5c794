"""The page of each purpose: one row and one module for each."""

from collections.abc import Mapping

from app.domain.mail_link import Purpose
from app.web.links import answer, choose, confirm, record
from app.web.links.errand import Errand

ERRANDS: Mapping[Purpose, Errand] = {
    Purpose.ANSWER: Errand(answer.show, answer.act),
    Purpose.RECORD: Errand(record.show, record.act),
    Purpose.CONFIRM: Errand(confirm.show, confirm.act),
    Purpose.CHOOSE: Errand(choose.show, choose.act),
}
