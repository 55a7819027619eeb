"""The tables of the store. What was reported and done is only ever added to; what follows can be dropped and drawn
again.

Moments are seconds UTC. The database itself refuses to change or delete a fact or an act (migration 0002), and to
keep a yellow or red standing without a fact that gives cause.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

SUBJECT = 80
"""The longest name of a subject."""


class Act(models.Model):
    """One thing somebody did: the only way anything changes. One leaf of the ledger stands for it."""

    seq = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=96, unique=True)
    name = models.CharField(max_length=40)
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=64)
    purpose = models.CharField(max_length=24)
    recorded_at = models.BigIntegerField(db_index=True)
    facts = models.IntegerField()
    content = models.CharField(max_length=64)
    root = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=32)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["actor", "recorded_at"], name="act_actor")]


class FactRow(models.Model):
    """A fact as its canonical line. `line` and `salt` are empty once it was erased; `commitment` stays in the ledger."""

    seq = models.BigAutoField(primary_key=True)
    fact_id = models.CharField(max_length=80, unique=True)
    subject = models.CharField(max_length=SUBJECT)
    kind = models.CharField(max_length=24)
    at = models.BigIntegerField()
    recorded_at = models.BigIntegerField()
    data_class = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="rows")
    line = models.TextField(null=True)
    salt = models.BinaryField(max_length=32, null=True)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "recorded_at", "at", "fact_id"], name="fact_dossier"),
            models.Index(fields=["kind", "recorded_at"], name="fact_kind"),
        ]


class SetupRow(models.Model):
    """What an act said that set something up and recorded no fact: a grant, an account, the name of an area. Canonical JSON; its
    salted commitment is the act's root. Never about a person that facts are about."""

    act = models.OneToOneField(Act, on_delete=models.PROTECT, primary_key=True, related_name="set_up")
    line = models.TextField()
    salt = models.BinaryField(max_length=32)


class SubjectRow(models.Model):
    """A subject that has facts: whose rules govern, how often it changed, and since which act its timeline is behind."""

    subject = models.CharField(max_length=SUBJECT, primary_key=True)
    kind = models.CharField(max_length=12)
    area = models.CharField(max_length=12, db_index=True)
    version = models.IntegerField(default=0)
    stale_since = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["stale_since", "subject"], name="subject_stale", condition=Q(stale_since__isnull=False)
            ),
        ]


class Upstream(models.Model):
    """`subject` is a secondary contact through `via`: whatever is recorded of `via` may change what follows for
    `subject`."""

    subject = models.CharField(max_length=SUBJECT)
    via = models.CharField(max_length=SUBJECT, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject", "via"], name="upstream_once")]


class TimelineRow(models.Model):
    """What follows for a subject. Disposable; the columns beside `body` hold what it reads as until `next_change_at`."""

    subject = models.CharField(max_length=SUBJECT, primary_key=True)
    kind = models.CharField(max_length=12)
    area = models.CharField(max_length=12)
    version = models.IntegerField()
    known_at = models.BigIntegerField()
    rules = models.CharField(max_length=64)
    code = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    body = models.TextField()
    read_at = models.BigIntegerField()
    next_change_at = models.BigIntegerField(null=True)
    standing = models.CharField(max_length=8, default="unknown")
    preliminary = models.BooleanField(default=False)
    standing_until = models.BigIntegerField(null=True)
    cause = models.CharField(max_length=80, default="")
    grade = models.CharField(max_length=16, default="")
    case = models.CharField(max_length=SUBJECT, default="")
    last_contact_at = models.BigIntegerField(null=True)
    next_due_at = models.BigIntegerField(null=True)
    findings = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_change_at"], name="timeline_change"),
            models.Index(fields=["grade", "next_due_at", "subject"], name="timeline_grade"),
            models.Index(fields=["case", "subject"], name="timeline_case"),
            # Worklists walk this one in the order of what is due next, and find in it all they filter by. There is none that
            # begins with the area: SQLite would take it, and sort a whole county for one page.
            models.Index(
                fields=["next_due_at", "subject", "area", "grade", "standing"],
                name="timeline_next",
                condition=~Q(grade=""),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="no_colour_without_cause", condition=Q(standing__in=("green", "unknown")) | ~Q(cause="")
            ),
            models.CheckConstraint(
                name="every_colour_ends",
                condition=Q(standing__in=("green", "unknown")) | Q(standing_until__isnull=False),
            ),
        ]


class DutyRow(models.Model):
    """A duty of a timeline, flat, so that worklists can ask by holder and hour. Its state is read at the moment of
    asking."""

    subject = models.CharField(max_length=SUBJECT)
    area = models.CharField(max_length=12)
    number = models.IntegerField()
    code = models.CharField(max_length=40)
    holder = models.CharField(max_length=20)
    since = models.BigIntegerField()
    due = models.BigIntegerField(null=True)
    met_at = models.BigIntegerField(null=True)
    ended_at = models.BigIntegerField(null=True)
    ended_as = models.CharField(max_length=10, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "number"], name="duty_subject"),
            models.Index(
                fields=["holder", "area", "due"],
                name="duty_open",
                condition=Q(met_at__isnull=True, ended_at__isnull=True),
            ),
        ]


class Transition(models.Model):
    """A standing changed at `at`, the moment it became true, not the moment somebody noticed; and why, as its reason
    code."""

    subject = models.CharField(max_length=SUBJECT)
    at = models.BigIntegerField()
    before = models.CharField(max_length=8)
    after = models.CharField(max_length=8)
    preliminary = models.BooleanField()
    reason = models.CharField(max_length=40)
    cause = models.CharField(max_length=80, default="")
    noticed_at = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject", "at", "after"], name="transition_once")]


class Proposal(models.Model):
    """Facts that need more than one approver: nothing of them counts until enough people of different units agreed."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=96, unique=True)
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=64)
    purpose = models.CharField(max_length=24)
    proposed_at = models.BigIntegerField()
    lapses_at = models.BigIntegerField()
    approvers = models.IntegerField()
    subjects = models.IntegerField()
    lines = models.TextField()
    settled_at = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, default="")


class Approval(models.Model):
    """One person's yes or no to a proposal, with own reasons."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="approvals")
    actor = models.CharField(max_length=64)
    unit = models.CharField(max_length=64)
    at = models.BigIntegerField()
    agrees = models.BooleanField()
    reasons = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "actor"], name="approval_once")]


class Assignment(models.Model):
    """Who follows a subject up at a desk, since when; the one without an end is in force."""

    subject = models.CharField(max_length=SUBJECT)
    desk = models.CharField(max_length=16)
    team = models.CharField(max_length=64)
    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "desk"], name="one_team", condition=Q(until__isnull=True)),
        ]
        indexes: ClassVar = [models.Index(fields=["team", "desk", "subject"], name="assigned_team")]


class Notice(models.Model):
    """Something to be told to a person or an office: written with the act that calls for it, sent by the outbox."""

    to = models.CharField(max_length=SUBJECT, db_index=True)
    code = models.CharField(max_length=40)
    slots = models.JSONField(default=dict)
    about = models.CharField(max_length=80, default="")
    channel = models.CharField(max_length=12)
    key = models.CharField(max_length=120, unique=True)
    created_at = models.BigIntegerField()
    attempts = models.IntegerField(default=0)
    next_try_at = models.BigIntegerField(null=True)
    sent_at = models.BigIntegerField(null=True)
    proof = models.CharField(max_length=120, default="")
    failed = models.CharField(max_length=200, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], name="notice_waiting", condition=Q(next_try_at__isnull=False))
        ]


class Job(models.Model):
    """Work that takes longer than a page may: claimed by a lease, continued from its checkpoint, counted as it goes."""

    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=96, unique=True)
    given = models.JSONField(default=dict)
    by = models.CharField(max_length=64)
    created_at = models.BigIntegerField()
    lease_until = models.BigIntegerField(default=0)
    lease = models.CharField(max_length=32, default="")
    attempts = models.IntegerField(default=0)
    checkpoint = models.JSONField(default=dict)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    ended_at = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, default="")
    says = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lease_until", "id"], name="job_waiting", condition=Q(ended_at__isnull=True))
        ]
