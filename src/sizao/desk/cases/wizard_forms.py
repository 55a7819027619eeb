"""What a person says about a file: whose it is, what kind of list, which heading holds what, and what its sender declared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sizao.desk.cases.imports import Said
from sizao.desk.cases.models import Import, SavedMapping
from sizao.desk.store.book import deployment
from sizao.desk.web.fields import DayField, ReasonsField
from sizao.desk.web.forms import ActForm
from sizao.desk.web.reading import reader_lang, reader_zone
from sizao.errors import FactsError
from sizao.facts.intake.dates import pattern_of
from sizao.facts.intake.mapping import Column
from sizao.facts.intake.ways import WAYS
from sizao.facts.kinds import CaseClass
from sizao.facts.lists.columns import key_of
from sizao.facts.seats import normal
from sizao.when import day_span
from sizao.words import say

COLUMN = "column."
_SHA256 = re.compile(r"[0-9a-fA-F]{64}\Z")
DEFAULTS = {"area": "area", "disease": "disease", "case_class": "case_class", "prefix": "before"}
"""What an import is told for rows that do not say it, and the field that asks for it."""


class UploadForm(ActForm):
    """The file, and whose it is."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, XLSX, ODS, JSON or Parquet. An .xls file holds at most 65,536 rows and is refused."),
    )
    source = forms.CharField(label=_("Who sent it"), max_length=120)


class MappingForm(ActForm):
    """How the file is to be read. Every column of the chosen kind has a field that names its heading; left as recognised
    it need not be touched."""

    mapping = forms.ChoiceField(label=_("What kind of list it is"))
    source = forms.CharField(label=_("Who sent it"), max_length=120)
    basis = forms.CharField(
        label=_("Legal ground"),
        max_length=120,
        help_text=_("The article or document on which these data were obtained."),
    )
    keep_until = DayField(
        label=_("Keep stays until"), required=False, help_text=_("The last day; then the batch is destroyed.")
    )
    formats = forms.CharField(
        label=_("How dates are written"), required=False, max_length=200,
        help_text=_("Only where they do not begin with the year: DD.MM.YYYY, or for one column onset=MM/DD/YYYY."),
    )  # fmt: skip
    area = forms.CharField(label=_("Area, where a row does not say"), required=False, max_length=12)
    disease = forms.CharField(label=_("Disease, where a row does not say"), required=False, max_length=40)
    case_class = forms.ChoiceField(label=_("Class, where a row does not say"), required=False)
    before = forms.CharField(
        label=_("Before every number of the list"), required=False, max_length=40,
        help_text=_("So that case 1 of two lists is two people."),
    )  # fmt: skip
    sheet = forms.CharField(label=_("Sheet"), required=False, max_length=80)
    encoding = forms.CharField(label=_("Encoding"), required=False, max_length=20)
    header_row = forms.IntegerField(label=_("Row of the headings"), required=False, min_value=1, max_value=1000)
    declared_rows = forms.IntegerField(label=_("Rows declared by the sender"), required=False, min_value=0)
    declared_sha256 = forms.CharField(label=_("SHA-256 declared by the sender"), required=False, max_length=64)

    def __init__(self, *args: Any, of: Import, chosen: str, known: SavedMapping | None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.of, self.chosen = of, chosen
        self._choices(of)
        self._columns(of, known)
        self._begin(of, known)

    def _choices(self, of: Import) -> None:
        lang = reader_lang()
        mapping, classes = self.fields["mapping"], self.fields["case_class"]
        assert isinstance(mapping, forms.ChoiceField)
        assert isinstance(classes, forms.ChoiceField)
        fits = of.look.get("fits", [])
        order = [*fits, *(way.name for way in WAYS if way.name not in fits)]
        mapping.choices = [(name, say(f"cases.mapping.{name}", lang)) for name in order]
        classes.choices = [("", "—"), *((str(one), say(f"case_class.{one}", lang)) for one in CaseClass)]

    def _columns(self, of: Import, known: SavedMapping | None) -> None:
        """A field for every column of the kind of list that was chosen."""
        headings, was = (
            list(of.look.get("columns", [])),
            {} if known is None or known.mapping != self.chosen else known.columns,
        )
        for column in columns_of(self.chosen):
            seen = recognised(column, headings)
            first = ("", gettext("as recognised: {heading}").format(heading=seen or "—"))
            field = forms.ChoiceField(
                label=_column_word(column), required=False, choices=[first, *((heading, heading) for heading in headings)],
                widget=forms.Select(attrs={"class": "govuk-select"}),
            )  # fmt: skip
            field.initial = was.get(column.name, "")
            self.fields[f"{COLUMN}{column.name}"] = field

    def _begin(self, of: Import, known: SavedMapping | None) -> None:
        told: dict[str, Any] = {
            "mapping": self.chosen,
            "source": of.source,
            "basis": of.basis,
            "area": deployment().area,
        }
        told |= {
            "disease": deployment().disease,
            "declared_rows": of.declared_rows,
            "declared_sha256": of.declared_sha256,
        }
        told |= {name: of.reading.get(name) for name in ("sheet", "encoding", "header_row")}
        if known is not None and not of.basis:
            told |= {"basis": known.basis, "formats": ", ".join(known.formats), **_asked(known.defaults)}
        elif of.basis:
            told |= {"formats": ", ".join(of.formats), **_asked(of.defaults)}
        for name, value in told.items():
            self.fields[name].initial = value

    def clean_declared_sha256(self) -> str:
        """64 hexadecimal digits, or nothing."""
        told: str = self.cleaned_data["declared_sha256"].strip()
        if told and not _SHA256.match(told):
            raise ValidationError(_("A SHA-256 has 64 digits from 0 to 9 and a to f."))
        return told.lower()

    def clean_formats(self) -> list[str]:
        """Formats that say year, month and day."""
        told = [form.strip() for form in re.split(r"[,，;；]", self.cleaned_data["formats"]) if form.strip()]
        for form in told:
            try:
                pattern_of(form.rpartition("=")[2].strip())
            except FactsError as unreadable:
                said = gettext("“{form}” does not say year, month and day.").format(form=form)
                raise ValidationError(said) from unreadable
        return told

    def said(self) -> Said:
        """All of it, as the import takes it."""
        told = self.cleaned_data
        columns = {
            name.removeprefix(COLUMN): value for name, value in told.items() if name.startswith(COLUMN) and value
        }
        defaults = {name: str(told[field]).strip() for name, field in DEFAULTS.items() if told.get(field)}
        until = told.get("keep_until")
        return Said(
            mapping=told["mapping"], source=told["source"], basis=told["basis"], columns=columns, formats=told["formats"],
            defaults=defaults, reading=self.how(), keep_until=None if until is None else day_span(until, reader_zone()).end,
            declared_rows=told.get("declared_rows"), declared_sha256=told.get("declared_sha256", ""),
        )  # fmt: skip

    def how(self) -> Mapping[str, Any]:
        """How the file is to be read; what is not said is left out."""
        told = {name: self.cleaned_data.get(name) for name in ("sheet", "encoding", "header_row")}
        return {name: value for name, value in told.items() if value not in (None, "")}

    @property
    def column_fields(self) -> list[Any]:
        """The fields that name headings."""
        return [self[name] for name in self.fields if name.startswith(COLUMN)]

    @property
    def other_fields(self) -> list[Any]:
        """What is rarely needed."""
        names = (
            "area",
            "disease",
            "case_class",
            "before",
            "sheet",
            "encoding",
            "header_row",
            "declared_rows",
            "declared_sha256",
        )
        return [self[name] for name in names]


def _asked(defaults: Mapping[str, str]) -> dict[str, str]:
    return {DEFAULTS[name]: value for name, value in defaults.items() if name in DEFAULTS}


def columns_of(name: str) -> Sequence[Column]:
    """The columns of a kind of list; none for one there is not."""
    return next((way.columns for way in WAYS if way.name == name), ())


def recognised(column: Column, headings: Sequence[str]) -> str:
    """The heading a column is taken from where nobody says otherwise, "" where there is none."""
    known = {column.name, *column.headings}
    spelled, keys = {normal(one) for one in known}, {key_of(one) for one in known}
    return next((heading for heading in headings if normal(heading) in spelled or key_of(heading) in keys), "")


def _column_word(column: Column) -> str:
    """A column by its name, and the first of its usual Chinese headings."""
    chinese = next((heading for heading in column.headings if not heading.isascii()), "")
    needed = " *" if column.needed else ""
    return f"{chinese} ({column.name}){needed}" if chinese else f"{column.name}{needed}"


class UndoForm(ActForm):
    """Why all of an import is taken back."""

    why = ReasonsField(label=_("Why it was wrong"))
