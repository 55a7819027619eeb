"""How often somebody may try: the same answers as a plain list of tries gives."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizao.desk.access import attempts
from sizao.desk.access.models import Attempt
from sizao.errors import DeskError
from sizao.when import Instant
from tests.desk.conftest import NOW

pytestmark = pytest.mark.django_db
NAMES = ("甲", "乙", "factor:甲")


class Plainly:
    """The rule as a list: a try is refused when the five before it under that name, and no success among them, are within the
    window."""

    def __init__(self) -> None:
        self.failed: dict[str, list[int]] = {name: [] for name in NAMES}

    def allows(self, name: str, at: int) -> bool:
        return len([when for when in self.failed[name] if when > at - attempts.WINDOW_S]) < attempts.PER_NAME

    def tried(self, name: str, at: int, right: bool) -> None:
        self.failed[name] = [] if right else [*self.failed[name], at]


TRIES = st.lists(
    st.tuples(
        st.sampled_from(NAMES), st.integers(0, attempts.WINDOW_S // 2), st.integers(0, 9).map(lambda one: one == 0)
    ),
    max_size=40,
)


@given(tries=TRIES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tries_are_refused_exactly_where_a_plain_list_says_so(tries: list[tuple[str, int, bool]]) -> None:
    Attempt.objects.all().delete()
    plainly, at = Plainly(), int(NOW)
    for name, later, right in tries:
        at += later
        if not plainly.allows(name, at):
            with pytest.raises(DeskError, match="A101"):
                attempts.begin(name, None, Instant(at))
            continue
        row = attempts.begin(name, None, Instant(at))
        plainly.tried(name, at, right)
        if right:
            attempts.succeeded(row)


def test_what_is_older_than_a_day_is_not_kept() -> None:
    attempts.begin("甲", None, NOW)
    attempts.begin("乙", None, Instant(NOW + attempts.KEPT_S + 1))
    assert Attempt.objects.count() == 1


def test_a_refused_try_does_not_lengthen_the_wait() -> None:
    for _ in range(attempts.PER_NAME):
        attempts.begin("甲", None, NOW)
    for later in (1, 400, attempts.WINDOW_S - 1):
        with pytest.raises(DeskError):
            attempts.begin("甲", None, Instant(NOW + later))
    attempts.begin("甲", None, Instant(NOW + attempts.WINDOW_S))
