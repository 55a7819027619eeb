"""What the forms of one person share, and the forms that confirm, reject and tell. Each form makes the facts of one act.

A decision rests on what the page said: its form carries the version that was read, and is refused when somebody came first. An
observation (a check, a sample) is true whatever others did meanwhile, and carries none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from sizao.desk.contacts.naming import called
from sizao.desk.contacts.subject import CONFIRMS, OPEN_STATES, channel_of, standing, what_told
from sizao.desk.store.acts import make
from sizao.desk.store.readers import SubjectPage
from sizao.desk.store.rights import Actor, Purpose
from sizao.desk.web.forms import ActForm, MomentField, ReasonsField
from sizao.desk.web.parts import Row
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.facts.kinds import Confirmed, Correction, DataClass, Exposure, Fact, FactId, How, Told
from sizao.rules.explain import say_reason
from sizao.rules.reasons import Reason
from sizao.rules.timeline import Duty
from sizao.when import OPEN, Instant
from sizao.words import say, say_moment

VERSION = "version"
CHANNELS = ("phone", "visit", "sms", "letter", "mail", "counter")
SHORT = 120

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a form is about: the page that was read, who acts for which purpose and when, how everybody is called, and what the
    address asked to begin with."""

    page: SubjectPage
    actor: Actor
    purpose: Purpose
    now: Instant
    names: Mapping[str, str]
    asked: Mapping[str, str]


class MatterForm(ActForm):
    """The base: hidden key and version, and facts made from what was entered."""

    decides: ClassVar[bool] = False
    """Whether the answers are shown once more before they are recorded: they bind somebody, or end something."""
    observes: ClassVar[bool] = False
    """Whether it says what was seen, which no change by others makes untrue."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, matter: Matter, **more: Any) -> None:
        self.matter = matter
        super().__init__(*args, **more)
        self.fields[VERSION].initial = matter.page.version
        self.prepare()

    def prepare(self) -> None:
        """Give the fields their choices and what they begin with."""

    def facts(self) -> list[Fact]:
        """The facts of the act."""
        raise NotImplementedError

    def notice(self) -> str:
        """What a reader should know before the form is sent; nothing unless a form has something to say."""
        return ""

    def expect(self) -> dict[str, int]:
        """The version the decision rests on."""
        version = self.cleaned_data.get(VERSION)
        return {} if self.observes or version is None else {self.matter.page.subject: version}

    def made(self, kind: type[Fact], *, at: Instant, data_class: DataClass = DataClass.HEALTH, **told: Any) -> Fact:
        """A fact about this person, entered now."""
        page, actor, now = self.matter.page, self.matter.actor, self.matter.now
        return make(kind, page.subject, at=at, actor=actor, now=now, data_class=data_class, **told)

    def choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Give a field its choices; where there is only one, it is chosen."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)
        if len(choices) == 1:
            field.initial = [choices[0][0]] if isinstance(field, forms.MultipleChoiceField) else choices[0][0]

    def not_ahead(self, *names: str) -> None:
        """Refuse a moment that has not come yet."""
        for name in names:
            at = self.cleaned_data.get(name)
            if at is not None and at > self.matter.now:
                self.add_error(name, _("This is still to come."))

    def rows(self) -> list[Row]:
        """What was entered, field by field, to be looked at once more."""
        shown = [(bound, self.cleaned_data.get(bound.name)) for bound in self.visible_fields()]
        return [
            Row(label=str(bound.label), value=said(bound.field, value))
            for bound, value in shown
            if value not in (None, "", [])
        ]


def said(field: forms.Field, value: Any) -> str:
    """A value as it is read: choices by their words, moments in local time."""
    if isinstance(field, forms.ChoiceField):
        words = {str(code): str(word) for code, word in field.choices}  # type: ignore[misc,union-attr]  # no groups here
        codes = value if isinstance(value, list) else [value]
        return "\n".join(words.get(str(code), str(code)) for code in codes)
    if isinstance(field, forms.BooleanField):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(value, int) and not isinstance(value, bool):
        return say_moment(Instant(value), reader_lang(), reader_zone())
    return str(value)


def words(vocabulary: str, codes: Sequence[str]) -> Choices:
    """Choices by their codes, in the reader's language."""
    return [(code, say(f"{vocabulary}.{code}", reader_lang())) for code in codes]


# --- confirm, reject ---------------------------------------------------------------------------------------------------


def sentence_of(exposure: Exposure, matter: Matter) -> str:
    """An exposure in one sentence, as the evidence that somebody looks at before deciding."""
    return say_reason(called(reason_of_exposure(exposure), matter.names), reader_lang(), reader_zone())


def reason_of_exposure(exposure: Exposure) -> Reason:
    """The step of an explanation that an exposure is."""
    kind = exposure.place_kind
    slots: tuple[tuple[str, str | int | None], ...] = (
        ("grade", f"grade.{exposure.grade}"), ("case", exposure.case), ("minutes", exposure.minutes), ("first", exposure.first),
        ("last", exposure.last), ("place", "place.not-stated" if kind is None else f"policy.place_kind.{kind}"),
        ("rule", exposure.rule), ("by", exposure.by), ("why", exposure.why),
    )  # fmt: skip
    return Reason(f"exposure.{exposure.how}", slots, (), (exposure.id,))


def to_confirm(page: SubjectPage) -> list[Exposure]:
    """The exposures somebody has still to stand behind, by hour: matches, re-gradings, and what a third party told."""
    known = {fact.id: fact for fact in standing(page) if isinstance(fact, Exposure)}
    open_ones = [
        duty for duty, state in page.moment.duties if duty.code in (*CONFIRMS, "verify-told") and state in OPEN_STATES
    ]
    ordered = sorted(open_ones, key=lambda duty: (duty.due or OPEN, duty.code))
    found = dict.fromkeys(fact for duty in ordered for fact in duty.reason.facts if fact in known)
    return [known[fact] for fact in found]


class ConfirmForm(MatterForm):
    """A named person stands behind a match."""

    decides = True
    exposure = forms.MultipleChoiceField(label=_("What you confirm"), widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        """The exposures that wait; the one the button was beside is chosen."""
        found = to_confirm(self.matter.page)
        self.choose("exposure", [(fact.id, sentence_of(fact, self.matter)) for fact in found])
        about = self.matter.asked.get("about")
        if about in {fact.id for fact in found}:
            self.fields["exposure"].initial = [about]

    def facts(self) -> list[Fact]:
        """One confirmation for each."""
        by, now = self.matter.actor.id, self.matter.now
        return [self.made(Confirmed, at=now, exposure=FactId(fact), by=by) for fact in self.cleaned_data["exposure"]]


class RejectForm(MatterForm):
    """Not the same session: the exposure is taken back, with the reasons of whoever says so."""

    decides = True
    exposure = forms.MultipleChoiceField(label=_("What is not so"), widget=forms.CheckboxSelectMultiple)
    reasons = ReasonsField(
        label=_("Why"),
        help_text=_(
            "Say what you compared: ticket, seat, hour, the person's own word. The reasons stay on record with your name."
        ),
    )

    def prepare(self) -> None:
        """The exposures that were matched or told and that nobody took back."""
        found = rejectable(self.matter.page)
        self.choose("exposure", [(fact.id, sentence_of(fact, self.matter)) for fact in found])
        about = self.matter.asked.get("about")
        if about in {fact.id for fact in found}:
            self.fields["exposure"].initial = [about]

    def facts(self) -> list[Fact]:
        """One correction for each."""
        now, why = self.matter.now, self.cleaned_data["reasons"].strip()
        return [self.made(Correction, at=now, corrects=FactId(fact), why=why) for fact in self.cleaned_data["exposure"]]


def rejectable(page: SubjectPage) -> list[Exposure]:
    """The standing exposures that rest on a match or on what a third party told."""
    return [fact for fact in standing(page) if isinstance(fact, Exposure) and fact.how is not How.JUDGED]


# --- tell --------------------------------------------------------------------------------------------------------------

TELLS = {
    "tell-contact": "contact", "tell-freed": "freed", "tell-discharge": "discharge", "offer-pep-vaccine": "pep-vaccine",
    "offer-pep-immunoglobulin": "pep-immunoglobulin",
}  # fmt: skip
"""What meets each duty of telling."""


def to_tell(page: SubjectPage) -> list[tuple[str, Duty]]:
    """What the person has still to be told: `what|fact`, and the duty."""
    found = [duty for duty, state in page.moment.duties if duty.code in TELLS and state in OPEN_STATES]
    return [
        (f"{TELLS[duty.code]}|{duty.reason.facts[0] if duty.code == 'tell-contact' else ''}", duty) for duty in found
    ]


class TellForm(MatterForm):
    """Somebody was told, over which channel, with what proof: personal duties begin here."""

    what = forms.MultipleChoiceField(label=_("What the person was told"), widget=forms.CheckboxSelectMultiple)
    channel = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    at = MomentField(label=_("When"))
    proof = forms.CharField(
        label=_("Proof"), max_length=SHORT,
        help_text=_("What shows it: number called and hour, name of who signed, number of the letter."),
    )  # fmt: skip

    def prepare(self) -> None:
        """What is open, with its reason; the duty the button was beside is chosen."""
        lang, zone = reader_lang(), reader_zone()
        found = to_tell(self.matter.page)
        self.choose("what", [
            (code, f"{what_told(code.partition('|')[0])} · {say_reason(called(duty.reason, self.matter.names), lang, zone)}")
            for code, duty in found
        ])  # fmt: skip
        asked = [code for code, duty in found if duty.code == self.matter.asked.get("duty")]
        asked = [code for code in asked if code.endswith(f"|{self.matter.asked.get('about', '')}")] or asked
        if asked:
            self.fields["what"].initial = asked
        self.choose("channel", [(code, channel_of(code)) for code in CHANNELS])
        self.fields["at"].initial = self.matter.now

    def clean(self) -> dict[str, Any]:
        """Nobody was told what is still to be said."""
        super().clean()
        self.not_ahead("at")
        return self.cleaned_data

    def facts(self) -> list[Fact]:
        """One telling for each."""
        told, found = self.cleaned_data, []
        for code in told["what"]:
            what, _bar, about = code.partition("|")
            more = {"channel": told["channel"], "by": self.matter.actor.id, "proof": told["proof"].strip()}
            fact = FactId(about) if about else None
            found.append(self.made(Told, at=told["at"], data_class=DataClass.CONTROL, what=what, about=fact, **more))
        return found
