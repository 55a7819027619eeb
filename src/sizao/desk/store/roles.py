"""What each role of a PostgreSQL server may do, as statements that whoever runs the server reads and carries out.

The owner makes tables and runs upgrades. The application reads and adds, and changes what is meant to change: never
an act, and of a fact nothing but to erase it. The discipline role sees no table of health, movement, people or
conclusions: across the purpose wall comes only what a recorded disclosure carries. `sizao verify` finds what
somebody does with more rights than these.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from sizao.errors import DeskError

KEPT = frozenset({
    "desk_store_act", "desk_store_factrow", "desk_ledger_leaf", "desk_ledger_node", "desk_ledger_checkpoint",
    "desk_store_approval", "desk_store_setuprow",
})  # fmt: skip
"""Tables whose rows are only ever added."""

ERASED = {"desk_store_factrow": ("line", "salt")}
"""The columns that erasing empties."""

LOG = ("desk_ledger_leaf", "desk_ledger_node", "desk_ledger_checkpoint")
"""What anybody who must check the log may read: hashes, and nothing of what they stand for."""

NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


def statements(*, owner: str, app: str, discipline: str) -> list[str]:
    """GRANT and REVOKE for the three roles, safe to run again. Refuses a name that is no plain one (U133), and what
    `tables_of_desks` refuses."""
    for name in (owner, app, discipline):
        if not name or not NAME.issuperset(name):
            raise DeskError("U133", name=name)
    tables = tables_of_desks()
    return [
        *(_role(name) for name in (owner, app, discipline)),
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {app}, {discipline}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {app}, {discipline}",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
        f"GRANT USAGE ON SCHEMA public TO {app}, {discipline}",
        *(f"ALTER TABLE {table} OWNER TO {owner}" for table in tables),
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
        *(statement for table in tables for statement in _of_app(table, app)),
        f"GRANT SELECT ON {', '.join(LOG)} TO {discipline}",
    ]


def _role(name: str) -> str:
    missing = f"NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}')"
    return f"DO $$ BEGIN IF {missing} THEN CREATE ROLE {name} NOLOGIN; END IF; END $$"


def _of_app(table: str, app: str) -> Iterable[str]:
    if table not in KEPT:
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {app}"
        return
    yield f"GRANT SELECT, INSERT ON {table} TO {app}"
    if table in ERASED:
        yield f"GRANT UPDATE ({', '.join(ERASED[table])}) ON {table} TO {app}"


def tables_of_desks() -> tuple[str, ...]:
    """Every table of this deployment, by name; refuses a deployment that has none yet (U157)."""
    found = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    if not found:
        raise DeskError("U157")
    return tuple(sorted(found | {"django_migrations"}))
