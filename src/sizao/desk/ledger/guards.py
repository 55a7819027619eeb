"""What the database refuses of the log's tables: a leaf, a subtree and a checkpoint are written once and stay."""

from __future__ import annotations

TABLES = ("desk_ledger_leaf", "desk_ledger_node", "desk_ledger_checkpoint")
MESSAGE = "sizao: what stands in the log is never changed or deleted"


def create(vendor: str) -> list[str]:
    """The statements that put the guards in place."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {_name(table, when)} BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for table in TABLES
            for when in ("UPDATE", "DELETE")
        ]
    function = (
        "CREATE OR REPLACE FUNCTION sizao_log_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END $$"
    )
    return [function] + [
        f"CREATE TRIGGER {_name(table, when)} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION sizao_log_kept()"
        for table in TABLES
        for when in ("UPDATE", "DELETE")
    ]


def drop(vendor: str) -> list[str]:
    """The statements that take them away again."""
    return [
        f"DROP TRIGGER IF EXISTS {_name(table, when)}" + ("" if vendor == "sqlite" else f" ON {table}")
        for table in TABLES
        for when in ("UPDATE", "DELETE")
    ]


def _name(table: str, when: str) -> str:
    return f"sizao_{table.removeprefix('desk_ledger_')}_{when.lower()}"
