"""What is asked, of whom, how often, and how long an engine may take.

A *case* is a person and the window `WINDOW`. Its stays are clipped to the window. It *meets* everybody else who was at the same
place, began there before the case's stay ended plus `LAG_S`, and ended after it began. Shared seconds are at least 0 and add
up per pair; `first` is the earliest `max` of both starts. Intervals are half-open.

- Q1: everybody one case met: person, shared seconds, first moment; most seconds first, then by person.
- Q2: the same for many cases at once, by case, then as in Q1.
- Q3: contacts of contacts. Those Q1 finds with 15 minutes or more are asked about in their turn, from their own first moment to
  the end of the data, without lag and without the case; whom they shared 15 minutes or more with in sum. Per person: through how
  many contacts, shared seconds, first moment.
- Q4: the crowd of a day: all pairs of people who shared 15 minutes or more in one stay on that day, stays clipped to it,
  places with more than 500 people at once left out.
"""

from __future__ import annotations

from typing import NamedTuple

LAG_S = 1800
ENOUGH_S = 900
CROWD = 500


class Work(NamedTuple):
    """One question: `cases` at a time, `questions` of them with other cases, timed up to `runs` times each within `budget_s`;
    a single run may take `limit_s`. `first` is where in the list of cases the first question begins."""

    name: str
    says: str
    cases: int
    questions: int = 1
    runs: int = 5
    budget_s: float = 8.0
    limit_s: float = 45.0
    first: int = 0


QUESTIONS = (
    Work("Q1", "everybody one case met", 1, questions=7, runs=2, budget_s=20.0),
    Work("Q1 hot", "the same case again and again", 1, runs=50, budget_s=3.0),
    Work("Q1 judged", "one case, judged by rules, with evidence", 1, questions=7, runs=2, budget_s=20.0),
    Work("Q2-100", "everybody 100 cases met, ranked", 100, runs=3),
    Work("Q2-100 judged", "100 cases, judged by rules, with evidence", 100, runs=3),
    Work("Q2-1000", "everybody 1,000 cases met, ranked", 1000, runs=3, limit_s=40.0),
    Work("Q2-1000 judged", "1,000 cases, judged by rules, with evidence", 1000, runs=3, limit_s=40.0),
    Work("Q3", "contacts of contacts of one case", 1, runs=3, first=8),
    Work("Q4", "the crowd of one day", 0, runs=3),
)
"""In the order they are asked. What changes the data (the append) comes after all of them."""

BY_NAME = {work.name: work for work in QUESTIONS}


def cases_of(work: Work, cases: tuple[int, ...]) -> list[list[int]]:
    """Whom each question of a work is about."""
    starts = range(work.first, work.first + work.questions * work.cases, max(1, work.cases))
    return [list(cases[at : at + work.cases]) for at in starts] or [[]]
