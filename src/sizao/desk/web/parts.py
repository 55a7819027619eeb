"""What a view hands to a part of a page: plain values, made in the view and only shown by the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from sizao.rules.timeline import Duty, StandingSpan, State
from sizao.when import Instant, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Somewhere to go or, with `post`, something to do: then a form with one button, and `fields` as its hidden values. `about`
    completes the text for a reader who hears it alone."""

    text: str
    url: str
    post: bool = False
    warning: bool = False
    about: str = ""
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who or what a page is about: never more than the reader may see; `hidden` says who sees the rest."""

    name: str
    details: Sequence[str] = ()
    standing: StandingSpan | None = None
    hidden: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """One duty with its state at the moment looked at; `holder` names the very office, where it is known."""

    duty: Duty
    state: State
    holder: str = ""
    note: str = ""
    actions: Sequence[Link] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, when it was true and when we learnt it."""

    at: Instant
    text: str
    until: Instant | None = None
    precision: Precision = Precision.SECOND
    learnt_at: Instant | None = None
    source: str = ""
    note: str = ""
    url: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a summary: `url` opens what the value stands for, `change` leads back to where it was entered."""

    label: str
    value: str
    url: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A titled summary."""

    title: str
    rows: Sequence[Row]
    actions: Sequence[Link] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a task list; `state` is one of done, open, begun, later."""

    text: str
    state: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The proof that something was received: its number, when, what it says, and the ledger's leaf once there is one."""

    number: str
    at: Instant
    says: Sequence[str] = ()
    leaf: int | None = None
    proof_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Where a list goes on. `first` and `next` are query strings; `more` says that `total` is only as far as was counted."""

    first: str = ""
    next: str = ""
    shown: int = 0
    total: int | None = None
    more: bool = False


def paging_of(request: HttpRequest, shown: int, after: str | None, counted: tuple[int, bool] | None = None) -> Paging:
    """The paging of a list read by `readers.screen` (`after` is what it gave) and `readers.count`; filters stay as they are."""
    asked = request.GET.copy()
    begun = bool(asked.pop("after", None))
    first = f"?{asked.urlencode()}" if begun else ""
    onward = asked.copy()
    if after is not None:
        onward["after"] = after
    total, more = counted if counted is not None else (None, False)
    return Paging(
        first=first, next=f"?{onward.urlencode()}" if after is not None else "", shown=shown, total=total, more=more
    )
