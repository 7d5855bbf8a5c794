"""What is told of needs and of the open board."""

from collections.abc import Mapping

from app.domain.message.notice import Audience, Notice

_FOUNDER, _MENTOR, _OFFICERS = Audience.FOUNDER, Audience.MENTOR, Audience.OFFICERS
_MENTORS = "/needs/{need_id}/mentors"
_BOARD = "/needs/{need_id}/board"
_DESK = "/bureau/needs/{need_id}"

NEEDS: Mapping[str, tuple[Notice, ...]] = {
    "need.submitted": (Notice(to=_FOUNDER, words="need.submitted", href=_MENTORS, by_mail=False),),
    "need.bureau_asked": (
        Notice(to=_FOUNDER, words="need.bureau_asked.founder", href=_MENTORS, by_mail=False),
        Notice(to=_OFFICERS, words="need.bureau_asked.officers", href="/bureau/needs"),
    ),
    "need.unmatched": (
        Notice(to=_FOUNDER, words="need.unmatched.founder", href=_MENTORS),
        Notice(to=_OFFICERS, words="need.unmatched.officers", href=_DESK),
    ),
    "board_post.drafted": (Notice(to=_FOUNDER, words="board_post.drafted", href=_BOARD),),
    "board_post.opened": (
        Notice(to=_OFFICERS, words="board_post.opened.officers", href=_DESK, by_mail=False),
        Notice(
            to=Audience.MENTORS,
            words="board_post.opened.mentors",
            href="/mentor/board/{post_id}",
            by_mail=False,
        ),
    ),
    "board_post.refused": (
        Notice(to=_OFFICERS, words="board_post.refused", href=_DESK, by_mail=False),
    ),
    "board_post.withdrawn": (
        Notice(to=_FOUNDER, words="board_post.withdrawn", href=_BOARD, unless_by="founder"),
        Notice(
            to=_OFFICERS,
            words="board_post.withdrawn",
            href=_DESK,
            by_mail=False,
            unless_by="bureau",
        ),
    ),
    "board_post.expired": (
        Notice(to=_FOUNDER, words="board_post.expired.founder", href=_MENTORS),
        Notice(to=_OFFICERS, words="board_post.expired.officers", href=_DESK, by_mail=False),
    ),
    "board_claim.offered": (Notice(to=_FOUNDER, words="board_claim.offered", href=_MENTORS),),
    "board_claim.withdrawn": (
        Notice(to=_FOUNDER, words="board_claim.withdrawn", href=_MENTORS, by_mail=False),
    ),
    "board_claim.lapsed": (
        Notice(to=_MENTOR, words="board_claim.lapsed", href="/mentor/board", by_mail=False),
    ),
}
