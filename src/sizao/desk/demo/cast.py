"""Who works in the demonstration: one log-in for every role, each of a unit and an area of the invented county."""

from __future__ import annotations

from typing import NamedTuple

from sizao.desk.store.rights import Role

COUNTY = "999901"


class Player(NamedTuple):
    """A log-in: its name, what it works as, in which unit and area, and what somebody who tries it out can do with it."""

    username: str
    roles: tuple[Role, ...]
    unit: str
    name_zh: str
    name_en: str
    does_zh: str
    does_en: str


PLAYERS = (
    Player(
        "tracer", (Role.TRACER,), "cdc-tracing-3", "流调员甲", "Tracer A",
        "病例、密接：追踪、确认、指派", "cases and contacts: trace, confirm, assign",
    ),
    Player(
        "tracer2", (Role.TRACER,), "cdc-tracing-5", "流调员乙", "Tracer B",
        "另一单位的流调员：审批提案", "another unit's tracer: approves proposals",
    ),
    Player(
        "hospital", (Role.HOSPITAL,), "hospital-1", "报告员丙", "Hospital reporter C",
        "医院：报告病例、检测、出入院", "hospital: reports cases, tests, admissions",
    ),
    Player(
        "cdc", (Role.CDC,), "cdc", "审核员丁", "CDC reviewer D",
        "疾控：审核报告、审批提案", "CDC: reviews reports, approves proposals",
    ),
    Player(
        "community", (Role.FOLLOW_UP,), "community-east", "随访员戊", "Follow-up worker E",
        "密接：告知、每日随访、检测、解除", "contacts: tells, daily checks, tests, release",
    ),
    Player(
        "county", (Role.COUNTY,), "county-office", "专班己", "County officer F",
        "县专班：答复质疑、看逾期", "county: answers challenges, sees what is overdue",
    ),
    Player(
        "command", (Role.COMMAND,), "county-command", "决定人庚", "Command officer G",
        "指挥部：决定、地区分级、审批", "command: orders, area levels, approvals",
    ),
    Player(
        "counter", (Role.COUNTER,), "counter-1", "窗口辛", "Counter clerk H",
        "窗口：代办一切“本人”事项", "counter: every act of “me” on behalf of people",
    ),
    Player(
        "audit", (Role.AUDIT_ADMIN,), "audit", "审计员壬", "Auditor I",
        "审计：账本、证明、谁看过谁", "audit: ledger, proofs, who read whom",
    ),
    Player(
        "security", (Role.SECURITY_ADMIN,), "it-security", "安全员癸", "Security administrator J",
        "安全管理：授予岗位", "security: grants roles",
    ),
    Player(
        "system", (Role.SYSTEM_ADMIN,), "it", "管理员子", "System administrator K",
        "系统管理：建立账号、看任务", "system: makes accounts, sees jobs",
    ),
)  # fmt: skip
"""Residents come besides: the first contact who waits to be told, and somebody nothing is known against."""
