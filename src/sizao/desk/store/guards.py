"""What the database itself refuses, whoever asks it: the same rules on SQLite and on PostgreSQL, as text that an
auditor can read.

- An act is never changed or deleted. A fact is never deleted, and changed in one way only: it may be erased (line and
  salt emptied).
- Every fact has an act. Nobody is a contact, other than by a third party's unverified word, of a case that nobody
  reported.
- A yellow or red standing names a fact of the same person that can give cause to it, and has an end.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

TABLES = frozenset({"desk_store_act", "desk_store_setuprow", "desk_store_factrow", "desk_store_timelinerow"})

MESSAGES = {
    "act_kept": "an act is never changed or deleted",
    "setup_kept": "what an act set up is never changed or deleted",
    "fact_kept": "a fact is never deleted, and changed only by erasing it",
    "contact_of_a_case": "nobody is a contact of a case that nobody reported",
    "colour_has_cause": "no colour without a fact of this person that gives cause to it",
}

_ERASES = (
    "NEW.line IS NULL AND NEW.salt IS NULL AND NEW.seq = OLD.seq AND NEW.fact_id = OLD.fact_id AND NEW.subject = OLD.subject "
    "AND NEW.kind = OLD.kind AND NEW.digest = OLD.digest AND NEW.act_id = OLD.act_id AND NEW.recorded_at = OLD.recorded_at "
    "AND NEW.at = OLD.at AND NEW.commitment = OLD.commitment"
)
_CAUSE = (
    "NEW.standing IN ('yellow', 'red') AND NOT EXISTS (SELECT 1 FROM desk_store_factrow f WHERE f.fact_id = NEW.cause "
    "AND f.subject = NEW.subject AND f.kind IN ('exposure', 'case_notice', 'test') AND f.line IS NOT NULL)"
)


def _no_case(case: str, how: str) -> str:
    return (
        f"NEW.kind = 'exposure' AND coalesce({how}, '') <> 'told' AND NOT EXISTS (SELECT 1 FROM desk_store_factrow f "  # noqa: S608 - both are ours
        f"WHERE f.subject = {case} AND f.kind = 'case_notice')"
    )


def _rules(vendor: str) -> Iterable[tuple[str, str, str, str]]:
    """(name, table, when, condition that refuses) of every guard."""
    if vendor == "sqlite":
        case, how = "json_extract(NEW.line, '$.case')", "json_extract(NEW.line, '$.how')"
    else:
        case, how = "(NEW.line::json ->> 'case')", "(NEW.line::json ->> 'how')"
    yield "act_kept", "desk_store_act", "UPDATE", "1 = 1"
    yield "act_kept", "desk_store_act", "DELETE", "1 = 1"
    yield "setup_kept", "desk_store_setuprow", "UPDATE", "1 = 1"
    yield "setup_kept", "desk_store_setuprow", "DELETE", "1 = 1"
    yield "fact_kept", "desk_store_factrow", "UPDATE", f"NOT ({_ERASES})"
    yield "fact_kept", "desk_store_factrow", "DELETE", "1 = 1"
    yield "contact_of_a_case", "desk_store_factrow", "INSERT", _no_case(case, how)
    yield "colour_has_cause", "desk_store_timelinerow", "INSERT", _CAUSE
    yield "colour_has_cause", "desk_store_timelinerow", "UPDATE", _CAUSE


def create(vendor: str, tables: Container[str] = TABLES) -> list[str]:
    """The statements that put every guard of these tables in place."""
    return [_create(vendor, *rule) for rule in _rules(vendor) if rule[1] in tables]


def drop(vendor: str) -> list[str]:
    """The statements that take every guard away again."""
    return [
        f"DROP TRIGGER IF EXISTS {_name(name, when)}" + ("" if vendor == "sqlite" else f" ON {table}")
        for name, table, when, _ in _rules(vendor)
    ]


def _name(name: str, when: str) -> str:
    return f"sizao_{name}_{when.lower()}"


def _create(vendor: str, name: str, table: str, when: str, refuses: str) -> str:
    message = f"sizao: {MESSAGES[name]}"
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {_name(name, when)} BEFORE {when} ON {table} WHEN {refuses} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    back = "OLD" if when == "DELETE" else "NEW"
    function = _name(name, when)
    return (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {refuses} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN {back}; END $$; "
        f"CREATE TRIGGER {function} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
