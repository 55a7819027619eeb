"""The paper version of a standing: as good a proof as the screen, dated, and with a number that anybody who holds it
may check."""

from __future__ import annotations

from sizao.desk.me.models import Paper
from sizao.desk.me.own import now_of
from sizao.desk.me.saying import Who, number_of
from sizao.desk.store import concluding
from sizao.desk.store.readers import SubjectPage
from sizao.errors import DeskError
from sizao.when import OPEN, Instant


def issue(page: SubjectPage, who: Who, *, key: str, now: Instant) -> Paper:
    """Keep what the paper will state, under a number nobody can guess; the same key again is the same paper.

    Refuses where the stored conclusion is not what follows from the facts (M106): nothing is issued from a row
    somebody altered.
    """
    if not page.whole:
        raise DeskError("M106")
    held = now_of(page).span
    digest = concluding.digest_of(page.timeline)[1]
    paper, _ = Paper.objects.get_or_create(
        key=key,
        defaults={
            "number": number_of(page.subject, key, digest),
            "subject": page.subject,
            "at": now,
            "standing": str(held.standing),
            "preliminary": held.preliminary,
            "until": held.end if held.end < OPEN else None,
            "rules": page.timeline.rules,
            "timeline": digest,
            "actor": who.actor.id,
        },
    )
    return paper
