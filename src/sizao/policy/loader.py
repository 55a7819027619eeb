"""Reads one pack file into a `Pack`, keeping every problem with its file and line instead of stopping at the first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sizao.policy.areas import AREA
from sizao.policy.kinds import Confidence
from sizao.policy.nodes import Node, Reader
from sizao.policy.offices import ReturnReport, TravelLimit
from sizao.policy.pack import Absence, Adoption, Deployment, Entry, KeyInfo, Pack
from sizao.policy.refusals import PackError, nearest
from sizao.policy.schema import KEYS
from sizao.policy.values import Citation, ColourRule, ContactRule, ZoneRule
from sizao.policy.written import AbsentForm, AdoptForm, EntryForm, GroupForm, PackForm, SourceForm

Row = ContactRule | ColourRule | ZoneRule | ReturnReport | TravelLimit
"""Rows of a list that carry their own sources and confidence."""


def read_pack(path: Path) -> tuple[Pack | None, list[PackError]]:
    """The pack in that file and everything wrong with it; the pack is None when its header cannot be used."""
    reading = _PackReading(path)
    pack: Pack | None = None
    with reading.keeping():
        pack = reading.read()
    return pack, reading.problems


class _PackReading:
    """One pass over one file: the reader, the sources cited by id, and the problems kept so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reader = Reader(path.name, {Citation: self._cite})
        self.problems: list[PackError] = []
        self.sources: dict[str, Citation] = {}
        self.cited: set[str] = set()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keeps a refusal raised inside as a problem, so that reading goes on with what follows."""
        try:
            yield
        except PackError as refused:
            self.problems.append(refused)

    def read(self) -> Pack:
        root = self.reader.compose(self.path)
        form: PackForm = self.reader.read(root, PackForm)
        self._check_header(root, form)
        self._read_sources(form)
        cites: tuple[Citation, ...] = ()
        with self.keeping():
            cites = self._cite(self.reader, form.cite)
        keys, entries = self._read_values(form)
        self._check_sources(form)
        return Pack(
            id=form.pack, version=form.version, kind=form.kind, title=form.title, disease=form.disease, area=form.area,
            zone=form.zone, published_on=form.published_on, recorded_on=form.recorded_on,
            in_force_from=form.in_force.from_, in_force_until=form.in_force.until, selects_by=form.selects_by,
            overlays=form.overlays, cites=cites, note=form.note, sources=self.sources, absences=self._read_absences(form),
            adoptions=self._read_adoptions(form), keys=keys, entries=entries,
            deployment=Deployment(packs=form.packs, readings=self._read_readings(form), feeds=form.feeds),
            path=self.path, digest=digest_of(self.path),
        )  # fmt: skip

    def _check_header(self, root: Node, form: PackForm) -> None:
        nodes = {name: node for name, (_, node) in self.reader.entries(root).items()}
        if form.pack != self.path.name.removesuffix(".yaml").split("@")[0]:
            self.problems.append(self.reader.refuse("P111", nodes["pack"], pack=form.pack))
        with self.keeping():
            self._check_area(nodes["area"], form.area)
        with self.keeping():
            self._check_period(nodes["in_force"], None, form.in_force.from_, form.in_force.until)

    def _check_area(self, node: Node, area: str, key: str | None = None) -> None:
        if not AREA.match(area):
            raise self.reader.refuse("P112", node, key, value=area)

    def _check_period(self, node: Node, key: str | None, starts: Any, ends: Any) -> None:
        if ends is not None and ends <= starts:
            raise self.reader.refuse("P113", node, key, starts=starts.isoformat(), ends=ends.isoformat())

    def _read_sources(self, form: PackForm) -> None:
        with self.keeping():
            for name, (_, node) in self.reader.entries(form.sources).items():
                with self.keeping():
                    source: SourceForm = self.reader.read(node, SourceForm, name)
                    self.sources[name] = Citation(name, source.title, source.article, source.link, source.read_on)

    def _check_sources(self, form: PackForm) -> None:
        """A source that supports nothing misleads a reader; asked only when all values could be read."""
        if self.problems:
            return
        for name, (name_node, _) in self.reader.entries(form.sources).items():
            if name not in self.cited:
                self.problems.append(self.reader.refuse("P130", name_node, source=name))

    def _cite(self, reader: Reader, node: Node) -> tuple[Citation, ...]:
        nodes = reader.items(node) if reader.is_list(node) else [node]
        if not nodes:
            raise reader.refuse("P105", node, missing="cite")
        return tuple(self._one_cite(reader, each) for each in nodes)

    def _one_cite(self, reader: Reader, node: Node) -> Citation:
        name, _, article = str(reader.read(node, str)).partition("#")
        if name not in self.sources:
            raise reader.refuse("P114", node, source=name, allowed=nearest(name, tuple(self.sources)))
        self.cited.add(name)
        source = self.sources[name]
        return source._replace(article=article) if article else source

    def _read_values(self, form: PackForm) -> tuple[dict[str, KeyInfo], tuple[Entry, ...]]:
        keys: dict[str, KeyInfo] = {}
        entries: list[Entry] = []
        if form.values is None:
            return keys, ()
        for key, (name_node, node) in self.reader.entries(form.values).items():
            with self.keeping():
                self._check_key(key, name_node)
                group: GroupForm = self.reader.read(node, GroupForm, key)
                if group.unit is not KEYS[key].unit:
                    raise self.reader.refuse("P116", name_node, key, unit=group.unit, expected=KEYS[key].unit)
                keys[key] = KeyInfo(
                    says=group.says, none_in_force=group.none_in_force, where=self.reader.where(name_node, key)
                )
                if not group.values:
                    raise self.reader.refuse("P119", name_node, key)
                for each in group.values:
                    with self.keeping():
                        entries.append(self._entry(key, each, form, group))
        return keys, tuple(entries)

    def _check_key(self, key: str, node: Node) -> None:
        if key not in KEYS:
            raise self.reader.refuse("P115", node, entry=key, allowed=nearest(key, tuple(KEYS)))

    def _entry(self, key: str, node: Node, form: PackForm, group: GroupForm) -> Entry:
        written: EntryForm = self.reader.read(node, EntryForm, key)
        if (written.value is None) != written.abolished:
            raise self.reader.refuse("P105", node, key, missing="value")
        starts = written.from_ or form.in_force.from_
        ends = written.until or form.in_force.until
        self._check_period(node, key, starts, ends)
        outside = starts < form.in_force.from_ or _later(ends, form.in_force.until)
        if outside and written.template is None:
            raise self.reader.refuse(
                "P117", node, key, starts=starts.isoformat(), ends=ends.isoformat() if ends else "…"
            )
        if written.area is not None:
            self._check_area(node, written.area, key)
        value = None if written.value is None else self.reader.read(written.value, KEYS[key].type, key)
        cites = (written.cite, *written.also)
        self._check_support(node, key, written)
        self._check_rows(written.value, key, value)
        return Entry(
            key=key, unit=group.unit, area=written.area or form.area, starts=starts, ends=ends, value=value,
            abolished=written.abolished,
            reading=written.reading, confidence=written.confidence, cites=cites, checked_on=written.checked_on,
            note=written.note, template=written.template, selects_by=group.selects_by or form.selects_by,
            where=self.reader.where(node, key),
        )  # fmt: skip

    def _check_support(self, node: Node, key: str, given: EntryForm | Row) -> None:
        """Several sources are at least two, and what is inferred says how."""
        if given.confidence is Confidence.SEVERAL and len({given.cite.id, *(cite.id for cite in given.also)}) < 2:
            raise self.reader.refuse("P118", node, key, cited=given.cite.id)
        if given.confidence is Confidence.INFERRED and not given.note:
            raise self.reader.refuse("P131", node, key)

    def _check_rows(self, node: Node | None, key: str, value: Any) -> None:
        """Rules in a list carry their own sources and confidence, and an empty list says nothing."""
        if not isinstance(value, tuple) or node is None:
            return
        if not value:
            raise self.reader.refuse("P119", node, key)
        for row, row_node in zip(value, self.reader.items(node), strict=True):
            if isinstance(row, Row):
                self._check_support(row_node, key, row)

    def _read_absences(self, form: PackForm) -> tuple[Absence, ...]:
        found = []
        for node in form.absent:
            with self.keeping():
                absent: AbsentForm = self.reader.read(node, AbsentForm)
                self._check_key(absent.key, node)
                found.append(Absence(key=absent.key, says=absent.says, looked_for=absent.looked_for))
        return tuple(found)

    def _read_adoptions(self, form: PackForm) -> tuple[Adoption, ...]:
        found = []
        for node in form.adopts:
            with self.keeping():
                adopted: AdoptForm = self.reader.read(node, AdoptForm)
                self._check_key(adopted.key, node)
                found.append(Adoption(
                    pack=adopted.pack, key=adopted.key, template=adopted.template, starts=adopted.from_,
                    ends=adopted.until, why=adopted.why, where=self.reader.where(node, adopted.key),
                ))  # fmt: skip
        return tuple(found)

    def _read_readings(self, form: PackForm) -> tuple[tuple[str, str], ...]:
        if form.readings is None:
            return ()
        pairs = []
        for key, (name_node, node) in self.reader.entries(form.readings).items():
            with self.keeping():
                self._check_key(key, name_node)
                pairs.append((key, str(self.reader.read(node, str, key))))
        return tuple(pairs)


def _later(ends: Any, limit: Any) -> bool:
    """True when an end (None: never) lies after a limit (None: never)."""
    return limit is not None and (ends is None or ends > limit)


def digest_of(path: Path) -> str:
    """SHA-256 of the file, the same whether its lines end in LF or CRLF."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
