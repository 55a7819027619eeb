"""Asking without an account: a number from a message or paper, and the document or telephone it was sent for, say who
it is about.

Whether the number does not exist or the document is another's, the answer is the same; and after a few wrong ones
there is a pause.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from sizao.desk.access import attempts
from sizao.desk.counter.checking import agrees
from sizao.desk.me.models import Paper, Statement
from sizao.desk.me.saying import Who, normal_number
from sizao.desk.me.telling import message_number
from sizao.desk.people.vault import open_many
from sizao.desk.store.models import Notice
from sizao.desk.store.rights import Actor, Purpose, Role
from sizao.errors import DeskError
from sizao.facts.kinds import SubjectId
from sizao.when import Instant

PERSON = "person:"


def person_of(reference: str, number: str, request: HttpRequest, now: Instant) -> str:
    """The person whom a reference is about, if the document or telephone number is that person's; refuses anything
    else (M101), and too many wrong ones (A101)."""
    row = attempts.begin(f"reference:{normal_number(reference)}", request, now)
    subject = subject_of(reference)
    who = None if subject is None else open_many([subject], settings.KEYS).get(subject)
    if subject is None or who is None or not agrees(number, who):
        raise DeskError("M101")
    attempts.succeeded(row)
    return subject


def subject_of(reference: str) -> str | None:
    """Whom a message, a paper or a receipt is about; None where there is none of that number."""
    number = message_number(reference)
    if number is not None:
        to = Notice.objects.filter(pk=number).values_list("to", flat=True).first()
        return to if to is not None and to.startswith(PERSON) else None
    spelled = normal_number(reference)
    for model in (Paper, Statement):
        found = model.objects.filter(pk=spelled).values_list("subject", flat=True).first()
        if found is not None:
            return str(found)
    return None


def visitor(subject: str, reference: str) -> Who:
    """Somebody without an account who knows the number and the document: speaks for the person, and can see nothing more."""
    actor = Actor(
        id=f"reference:{reference.strip()[:40]}",
        unit="public",
        roles=frozenset({Role.RESIDENT}),
        person=SubjectId(subject),
    )
    return Who(subject=SubjectId(subject), actor=actor, purpose=Purpose.SELF, source="public")
