"""Forms of a case's track: where it was, on what it rode and in which seat. What was wrong is taken back and said anew,
never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sizao.desk.cases.places import place_of
from sizao.desk.contacts.forms import SHORT, MatterForm, words
from sizao.desk.contacts.subject import standing
from sizao.desk.web.fields import DayField, MomentField, ReasonsField
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.errors import SizaoError
from sizao.exposure.place_kinds import PlaceKind
from sizao.facts.kinds import Correction, DataClass, Fact, FactId, Ride, Spot, Stay
from sizao.facts.rides import Provenance, ReadRide, RideRow, claims_of, read_rides, ride_facts
from sizao.facts.trips import VEHICLE_WORDS, TripText
from sizao.when import OPEN, Instant, local
from sizao.words import say, say_error, terms

VEHICLE_KINDS = frozenset(
    {
        "aircraft",
        "train_sealed",
        "train_sealed_soft_sleeper",
        "train_ordinary",
        "bus_sealed",
        "bus_ventilated",
        "ship",
        "car",
        "metro",
    }
)
BASIS = "epidemic-control"


class TrackForm(MatterForm):
    """The base: a new entry, or one in the place of an entry that was wrong (`about`), which then needs a reason."""

    observes: ClassVar[bool] = True

    about = forms.CharField(widget=forms.HiddenInput, required=False)
    source = forms.CharField(
        label=_("Where this is known from"), required=False, max_length=SHORT,
        help_text=_("For example the person, a ticket, a camera. Your office, if you leave it empty."),
    )  # fmt: skip
    why = ReasonsField(label=_("Why the earlier entry was wrong"), required=False)

    def prepare(self) -> None:
        """A change begins with what was entered before; a new entry gives no reasons."""
        old = self.old()
        self.fields["about"].initial = "" if old is None else old.id
        if old is None:
            del self.fields["why"]
        else:
            self.fields["source"].initial = old.source
            self.begin_with(old)

    def begin_with(self, old: Fact) -> None:
        """Show the earlier entry."""

    def old(self) -> Fact | None:
        """The entry that is to be replaced, if there is one and it still stands."""
        told = self.data.get("about") if self.is_bound else self.matter.asked.get("about")
        own = {fact.id: fact for fact in standing(self.matter.page) if isinstance(fact, Stay | Ride)}
        return own.get(FactId(str(told or "")))

    def clean(self) -> dict[str, Any]:
        """A change says why; what is to be changed must still be there."""
        super().clean()
        told = self.cleaned_data
        if told.get("about") and self.old() is None:
            self.add_error(None, _("The entry you are changing was taken back meanwhile. Look at the track again."))
        if "why" in self.fields and not told.get("why") and "why" not in self.errors:
            self.add_error("why", _("Say why the earlier entry was wrong."))
        return told

    def expect(self) -> dict[str, int]:
        """A change rests on what the page said; a new entry is true whatever others did."""
        version = self.cleaned_data.get("version")
        return {} if self.old() is None or version is None else {self.matter.page.subject: version}

    def facts(self) -> list[Fact]:
        """The entry, and where it replaces one the correction that names both."""
        made = self.entry()
        old = self.old()
        if old is None:
            return made
        why = self.cleaned_data["why"]
        taken_back = self.made(
            Correction,
            at=self.matter.now,
            data_class=DataClass.MOVEMENT,
            corrects=old.id,
            replacement=made[0].id,
            why=why,
        )
        return [*made, taken_back]

    def entry(self) -> list[Fact]:
        """The facts of what was entered."""
        raise NotImplementedError

    def said_source(self) -> str:
        """Whose word it is."""
        return str(self.cleaned_data.get("source") or self.matter.actor.unit)


class StayForm(TrackForm):
    """The case was at a place, from when until when as far as it is known."""

    field_order = (
        "place", "as_written", "kind", "start", "end", "zone", "row", "seat", "source", "why", "about", "version", "key",
    )  # fmt: skip
    place = forms.CharField(label=_("Place"), help_text=_("Its name or number on the register."), max_length=SHORT)
    as_written = forms.BooleanField(label=_("The place is on no register: take it as written"), required=False)
    kind = forms.ChoiceField(label=_("Kind of place"))
    start = MomentField(label=_("From"))
    end = MomentField(label=_("Until"), required=False, help_text=_("Leave it empty if it is not known."))
    zone = forms.CharField(label=_("Hall, floor, block or ward"), required=False, max_length=SHORT)
    row = forms.IntegerField(label=_("Row"), required=False, min_value=1, max_value=999)
    seat = forms.CharField(label=_("Seat"), required=False, max_length=8)

    def prepare(self) -> None:
        """Kinds of place by their names; vehicles have a form of their own."""
        super().prepare()
        lang = reader_lang()
        kinds = [str(kind) for kind in PlaceKind if kind not in VEHICLE_KINDS]
        self.choose(
            "kind", sorted(words("policy.place_kind", kinds), key=lambda one: (one[0] == "other", one[1], lang))
        )

    def begin_with(self, old: Fact) -> None:
        """See `TrackForm.begin_with`."""
        if not isinstance(old, Stay):
            return
        spot = old.spots[0] if old.spots else Spot()
        end = None if old.end >= OPEN else old.end
        told = {
            "place": old.place,
            "kind": old.place_kind,
            "start": old.at,
            "end": end,
            "as_written": place_of(old.place).code is None,
        }
        for name, value in (told | {"zone": spot.zone, "row": spot.row_lo, "seat": spot.seat}).items():
            self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        """The place is known or said to be new; the end is after the start, and neither is still to come."""
        super().clean()
        told = self.cleaned_data
        self.not_ahead("start", "end")
        start, end = told.get("start"), told.get("end")
        if start is not None and end is not None and end <= start:
            self.add_error("end", _("A stay ends after it begins."))
        self._clean_place(told)
        return told

    def _clean_place(self, told: dict[str, Any]) -> None:
        text = told.get("place")
        if not text:
            return
        meant = place_of(text)
        if meant.code is not None:
            told["place"] = meant.code
            told["kind"] = meant.kind or told.get("kind")
        elif meant.alike:
            listed = ("、" if reader_lang() == "zh" else ", ").join(meant.alike)
            said = gettext("No place is called exactly so. Alike are: {places}. Write the number of the one you mean.")
            self._unless_as_written(told, said.format(places=listed))
        else:
            self._unless_as_written(
                told,
                gettext("No register and no stay on record knows this place; nobody can be found to have met there."),
            )

    def _unless_as_written(self, told: dict[str, Any], said: str) -> None:
        if not told.get("as_written"):
            self.add_error("place", said)

    def entry(self) -> list[Fact]:
        """One stay."""
        told = self.cleaned_data
        row = told.get("row")
        spot = Spot(told.get("zone") or None, row, row, (told.get("seat") or "").upper() or None)
        return [
            self.made(
                Stay, at=told["start"], data_class=DataClass.MOVEMENT, source=self.said_source(), place=told["place"],
                place_kind=told["kind"], end=told.get("end") or OPEN, spots=() if spot == Spot() else (spot,),
            )
        ]  # fmt: skip


class RideForm(TrackForm):
    """The case was aboard a train, a flight, a ship or a coach. Number, day and seat are read as tickets are."""

    field_order = (
        "vehicle",
        "number",
        "day",
        "departs",
        "arrives",
        "boarded",
        "alighted",
        "carriage",
        "seat",
        "source",
        "why",
        "about",
        "version",
        "key",
    )
    vehicle = forms.ChoiceField(label=_("Vehicle"), widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("Train, flight or ship"), help_text=_("For example G508, CA1646."), max_length=SHORT
    )
    day = DayField(label=_("Day of boarding"))
    departs = forms.CharField(
        label=_("Departure"), required=False, max_length=20, help_text=_("For example 08:05; empty if not known.")
    )
    arrives = forms.CharField(
        label=_("Arrival"), required=False, max_length=20, help_text=_("For example 14:31, or 05:30+1 on the next day.")
    )
    boarded = forms.CharField(label=_("From"), required=False, max_length=SHORT)
    alighted = forms.CharField(label=_("To"), required=False, max_length=SHORT)
    carriage = forms.CharField(label=_("Carriage or cabin"), required=False, max_length=SHORT)
    seat = forms.CharField(
        label=_("Seat or berth"),
        required=False,
        max_length=SHORT,
        help_text=_("As on the ticket: 12A, 15号中铺, 无座."),
    )

    def prepare(self) -> None:
        """Vehicles by their names."""
        super().prepare()
        self.choose("vehicle", [(code, say(f"cases.vehicle.{code}", reader_lang())) for code in VEHICLE_WORDS])
        self._read: ReadRide | None = None

    def begin_with(self, old: Fact) -> None:
        """See `TrackForm.begin_with`."""
        if not isinstance(old, Ride) or old.run.count(":") != 2:
            return
        vehicle, number, _day = old.run.split(":")
        start, spot = local(old.at, reader_zone()), old.spots[0] if old.spots else Spot()
        told = {
            "vehicle": vehicle, "number": number, "day": start.date(), "departs": f"{start:%H:%M}", "boarded": old.boarded,
            "alighted": old.alighted, "carriage": spot.zone, "seat": f"{spot.row_lo or ''}{spot.seat or ''}",
            "arrives": "" if old.end >= OPEN else _clock(old.at, old.end),
        }  # fmt: skip
        for name, value in told.items():
            self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        """What a ticket office would refuse is refused here, each at its field."""
        super().clean()
        told = self.cleaned_data
        if not self.errors:
            self._read = self._taken(told)
        return told

    def _taken(self, told: dict[str, Any]) -> ReadRide | None:
        trip = TripText(
            vehicle=told["vehicle"], number=told["number"], day=told["day"].isoformat(), departs=told["departs"],
            arrives=told["arrives"], boarded=told["boarded"], alighted=told["alighted"],
        )  # fmt: skip
        row = RideRow(1, trip, told["carriage"], told["seat"], self.matter.page.subject)
        beside = claims_of(self.matter.page.dossier.facts, reader_zone())
        rides = read_rides([row], zone=reader_zone(), beside=beside)
        for refused in rides.refused:
            says, do = say_error(bare(refused.error), reader_lang())
            self.add_error(refused.column if refused.column in self.fields else None, f"{says} {do}".strip())
        if not rides.read:
            return None
        unread = [text for _, text in rides.read[0].seat.unread]
        if unread:
            said = gettext("“{seat}” cannot be read as a carriage or seat. Leave it empty if it is not known.")
            self.add_error("seat", said.format(seat=", ".join(unread)))
        if rides.read[0].trip.times.start > self.matter.now:
            self.add_error("day", _("This is still to come."))
        return rides.read[0]

    def entry(self) -> list[Fact]:
        """One ride for each run the case may have been on."""
        assert self._read is not None
        actor, now = self.matter.actor, self.matter.now
        given = Provenance(now, self.said_source(), actor.id, BASIS, settings.KEYS.search)
        return ride_facts(self._read, self.matter.page.dossier.subject, given)

    def assumed(self) -> Sequence[str]:
        """What had to be assumed, in sentences; shown once it is recorded."""
        if self._read is None:
            return ()
        lang, known = reader_lang(), terms()
        return [say(flag, lang, value="") for flag in self._read.flags if flag in known]


def bare(error: SizaoError) -> SizaoError:
    """The error without its place, for where the place is plain to see."""
    return type(error)(error.code, where=None, **error.slots)


def _clock(start: Instant, end: Instant) -> str:
    """An arrival as the form takes it: 05:30, or 05:30+1 on a later day."""
    began, ended = local(start, reader_zone()), local(end, reader_zone())
    days = (ended.date() - began.date()).days
    return f"{ended:%H:%M}" + (f"+{days}" if days else "")


class DropForm(MatterForm):
    """An entry of the track was wrong, and nothing is put in its place."""

    about = forms.ChoiceField(label=_("What is taken back"), widget=forms.RadioSelect)
    why = ReasonsField(label=_("Why it was wrong"))

    def prepare(self) -> None:
        """The entries that stand."""
        entries = [fact for fact in standing(self.matter.page) if isinstance(fact, Stay | Ride)]
        self.choose("about", [(fact.id, said_entry(fact, self.matter.names)) for fact in entries])
        asked = self.matter.asked.get("about")
        if asked:
            self.fields["about"].initial = asked

    def facts(self) -> list[Fact]:
        """One correction."""
        told = self.cleaned_data
        return [
            self.made(
                Correction,
                at=self.matter.now,
                data_class=DataClass.MOVEMENT,
                corrects=FactId(told["about"]),
                why=told["why"],
            )
        ]


def said_entry(fact: Stay | Ride, names: Any) -> str:
    """A stay or ride in a few words."""
    where = fact.place if isinstance(fact, Stay) else fact.run
    start = local(fact.at, reader_zone())
    until = "" if fact.end >= OPEN else f"–{local(fact.end, reader_zone()):%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}{until} {names.get(where, where)}"
