"""Forms of what is done with a person: samples and results, a refused test, reception, leaving, release."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sizao.desk.contacts.forms import SHORT, Choices, MatterForm, words
from sizao.desk.contacts.subject import OPEN_STATES, standing
from sizao.desk.store.readers import SubjectPage
from sizao.desk.web.fields import MomentField
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.facts.kinds import Admitted, Fact, FactId, Left, Order, Released, Result, Setting, Test, TestRefused
from sizao.policy.kinds import Sample
from sizao.rules.explain import say_reason
from sizao.rules.samples import settled
from sizao.when import Instant
from sizao.words import say, say_moment

RELEASES = ("release-central", "release-contact", "end-follow-up")
RESULTS = (Result.NEGATIVE, Result.POSITIVE, Result.INDETERMINATE)
METHODS = ("pcr", "antigen")


class AtForm(MatterForm):
    """A form of something that happened at a moment."""

    at = MomentField(label=_("When"))

    def prepare(self) -> None:
        """Now, unless somebody says otherwise."""
        self.fields["at"].initial = self.matter.now

    def clean(self) -> dict[str, Any]:
        """What is still to come did not happen."""
        super().clean()
        self.not_ahead("at")
        return self.cleaned_data


# --- samples ------------------------------------------------------------------------------------------------------------


class SampleForm(AtForm):
    """A sample was taken; its result may follow."""

    observes = True
    sample = forms.CharField(
        label=_("Number of the sample"), help_text=_("As it stands on the tube."), max_length=SHORT
    )
    pooled = forms.BooleanField(label=_("Pooled with others"), required=False)
    method = forms.ChoiceField(label=_("Method"), widget=forms.RadioSelect, initial=METHODS[0])
    specimen = forms.ChoiceField(label=_("Swab"), widget=forms.RadioSelect, initial=str(Sample.NASOPHARYNGEAL))
    result = forms.ChoiceField(label=_("Result"), widget=forms.RadioSelect, initial=str(Result.PENDING))
    resulted_at = MomentField(label=_("When the result was given"), required=False)

    def prepare(self) -> None:
        """The words of every choice."""
        super().prepare()
        self.choose("method", [(one, say(f"contacts.method.{one}", reader_lang())) for one in METHODS])
        self.choose("specimen", words("policy.sample", tuple(Sample)))
        self.choose("result", words("web.test", (Result.PENDING, *RESULTS)))

    def clean(self) -> dict[str, Any]:
        """A result comes with its hour, after the sample; a number is one sample's."""
        told = super().clean()
        self.not_ahead("resulted_at")
        check_result(self, told.get("result"), told.get("at"))
        number = str(told.get("sample", "")).strip()
        if any(
            isinstance(fact, Test) and fact.sample == number and fact.at != told.get("at")
            for fact in standing(self.matter.page)
        ):
            self.add_error("sample", _("This person has a sample of that number, taken at another time."))
        return told

    def facts(self) -> list[Fact]:
        """The sample, with its result where there is one."""
        told = self.cleaned_data
        more = {
            "method": told["method"],
            "pooled": told["pooled"],
            "specimen": told["specimen"],
            "result": Result(told["result"]),
        }
        resulted = told["resulted_at"] if told["result"] != Result.PENDING else None
        return [self.made(Test, at=told["at"], sample=told["sample"].strip(), resulted_at=resulted, **more)]


def check_result(form: MatterForm, result: str | None, sampled_at: Instant | None) -> None:
    """Refuse a result without its hour, an hour without a result, and one before the sample."""
    at = form.cleaned_data.get("resulted_at")
    given = result not in (None, "", Result.PENDING)
    if given and at is None and "resulted_at" not in form.errors:
        form.add_error("resulted_at", _("Say when the result was given."))
    if at is not None and not given:
        form.add_error("result", _("Say which result was given then."))
    if at is not None and sampled_at is not None and at < sampled_at:
        form.add_error("resulted_at", _("A result cannot come before its sample."))


def waiting(page: SubjectPage) -> list[Test]:
    """The person's samples that have no result yet, the earliest first."""
    tests = [fact for fact in standing(page) if isinstance(fact, Test)]
    return [test for test in settled(tests) if test.result is Result.PENDING]


class ResultForm(MatterForm):
    """A result came for a sample that is on record."""

    observes = True
    sample = forms.ChoiceField(label=_("Sample"), widget=forms.RadioSelect)
    result = forms.ChoiceField(label=_("Result"), widget=forms.RadioSelect)
    resulted_at = MomentField(label=_("When the result was given"))

    def prepare(self) -> None:
        """The samples that wait."""
        lang, zone = reader_lang(), reader_zone()
        self.choose(
            "sample",
            [(test.id, f"{test.sample} · {say_moment(test.at, lang, zone)}") for test in waiting(self.matter.page)],
        )
        self.choose("result", words("web.test", RESULTS))
        self.fields["resulted_at"].initial = self.matter.now

    def clean(self) -> dict[str, Any]:
        """After the sample, and not ahead."""
        told = super().clean() or self.cleaned_data
        self.not_ahead("resulted_at")
        check_result(self, told.get("result"), self._test().at if "sample" in told else None)
        return told

    def _test(self) -> Test:
        return next(test for test in waiting(self.matter.page) if test.id == self.cleaned_data["sample"])

    def facts(self) -> list[Fact]:
        """The same sample again, now with its result."""
        test, told = self._test(), self.cleaned_data
        result, resulted = Result(told["result"]), told["resulted_at"]
        as_before: dict[str, Any] = {
            "sample": test.sample, "method": test.method, "pooled": test.pooled, "specimen": test.specimen,
            "regular": test.regular,
        }  # fmt: skip
        return [self.made(Test, at=test.at, result=result, resulted_at=resulted, **as_before)]


class RefusedForm(AtForm):
    """The person refused a test, in somebody's presence."""

    decides = True
    witness = forms.CharField(
        label=_("Witness"),
        max_length=SHORT,
        help_text=_("Who was there besides you, and of which office. Not yourself."),
    )

    def clean(self) -> dict[str, Any]:
        """Nobody is his own witness."""
        told = super().clean()
        own = {self.matter.actor.id, self.matter.names.get(self.matter.actor.id, "")}
        if str(told.get("witness", "")).strip() in own:
            self.add_error("witness", _("Name somebody else than yourself."))
        return told

    def notice(self) -> str:
        """What a refusal leads to."""
        return gettext(
            "A refused exit test leaves the standing unknown until a sample is given. It prolongs nothing by itself."
        )

    def facts(self) -> list[Fact]:
        """The refusal."""
        return [self.made(TestRefused, at=self.cleaned_data["at"], witness=self.cleaned_data["witness"].strip())]


# --- reception, leaving, release ------------------------------------------------------------------------------------------


class AdmitForm(AtForm):
    """The person was received in central isolation, at home, or in a hospital. No standing keeps anybody out."""

    decides = True
    SETTINGS: ClassVar[tuple[Setting, ...]] = (Setting.CENTRAL, Setting.HOME)
    setting = forms.ChoiceField(label=_("Where"), widget=forms.RadioSelect)
    place = forms.CharField(label=_("Which place"), help_text=_("Site and room, ward, or “home”."), max_length=SHORT)
    order = forms.ChoiceField(label=_("On which order"), widget=forms.RadioSelect, required=False)

    def prepare(self) -> None:
        """The orders on file that have not ended; where there is none, it is said."""
        super().prepare()
        self.choose("setting", words("setting", self.SETTINGS))
        self.choose("order", [*orders_on_file(self.matter.page), ("", say("contacts.order.none", reader_lang()))])
        self.fields["order"].initial = next((code for code, _word in orders_on_file(self.matter.page)), "")

    def notice(self) -> str:
        """Nobody is held without an order, and nobody who is ill waits for one."""
        if orders_on_file(self.matter.page):
            return ""
        return gettext(
            "No order is on file. The reception can be recorded all the same; that there was no order is then on record too."
        )

    def facts(self) -> list[Fact]:
        """The reception."""
        told = self.cleaned_data
        order = FactId(told["order"]) if told.get("order") else None
        place = told["place"].strip()
        return [self.made(Admitted, at=told["at"], setting=Setting(told["setting"]), place=place, order=order)]


def orders_on_file(page: SubjectPage) -> Choices:
    """The orders that confine the person and have not ended."""
    lang, zone = reader_lang(), reader_zone()
    held = [fact for fact in standing(page) if isinstance(fact, Order) and fact.until > page.now]
    return [
        (
            fact.id,
            say(
                "contacts.order", lang, zone_name=zone, orders=f"order.{fact.orders}", until=fact.until, body=fact.body
            ),
        )
        for fact in held
    ]


def places_now(page: SubjectPage) -> dict[str, Admitted]:
    """Where the person was received and has neither left nor been released, by place: the latest reception of each."""
    facts = sorted(standing(page), key=lambda fact: (fact.at, fact.recorded_at, fact.id))
    held: dict[str, Admitted] = {}
    for fact in facts:
        match fact:
            case Admitted():
                held[fact.place] = fact
            case Left():
                held.pop(fact.place, None)
            case Released():
                held = {place: one for place, one in held.items() if one.setting is not fact.setting}
    return held


class LeftForm(AtForm):
    """The person left without release."""

    decides = True
    place = forms.ChoiceField(label=_("Which place"), widget=forms.RadioSelect)
    why = forms.CharField(label=_("Why, as far as is known"), max_length=SHORT, required=False)

    def prepare(self) -> None:
        """The places the person is in."""
        super().prepare()
        names = self.matter.names
        self.choose("place", [(place, names.get(place, place)) for place in places_now(self.matter.page)])

    def facts(self) -> list[Fact]:
        """The leaving; it accuses nobody."""
        told = self.cleaned_data
        return [self.made(Left, at=told["at"], place=told["place"], why=told["why"].strip() or None)]


class ReleaseForm(AtForm):
    """The end of isolation or monitoring, proposed by the rule and recorded by a named person."""

    decides = True
    SETTINGS: ClassVar[tuple[Setting, ...]] = (Setting.CENTRAL, Setting.HOME, Setting.SELF)
    setting = forms.ChoiceField(label=_("Released from"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        """What the rule proposes comes first."""
        super().prepare()
        self.choose("setting", words("setting", self.SETTINGS))
        proposed = {str(setting) for _duty, setting in proposed_releases(self.matter.page)}
        here = [str(one.setting) for one in places_now(self.matter.page).values()]
        first = next((code for code in (*proposed, *here) if code in self.SETTINGS), None)
        if first is not None:
            self.fields["setting"].initial = first

    def notice(self) -> str:
        """Which rule proposes the release, or that none does yet."""
        lang, zone = reader_lang(), reader_zone()
        due = [
            duty
            for duty, state in self.matter.page.moment.duties
            if duty.code in (*RELEASES, "lift-order") and state in OPEN_STATES
        ]
        if not due:
            return gettext(
                "No rule proposes a release today. An early release is yours to answer for; the person's page will show it."
            )
        return " ".join(say_reason(duty.reason, lang, zone) for duty in due)

    def facts(self) -> list[Fact]:
        """The release, by the body of whoever records it."""
        told = self.cleaned_data
        return [self.made(Released, at=told["at"], setting=Setting(told["setting"]), by=self.matter.actor.unit)]


def proposed_releases(page: SubjectPage) -> list[tuple[str, str]]:
    """The releases the rules propose now: the duty, and the setting its reason names."""
    found = []
    for duty, state in page.moment.duties:
        if duty.code in RELEASES and state in OPEN_STATES:
            setting = dict(duty.reason.slots).get("setting")
            found.append((duty.code, str(setting or "").removeprefix("setting.")))
    return found
