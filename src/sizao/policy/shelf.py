"""Which packs there are: the shipped ones and a folder's own, found by name, version and the day they were published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from sizao.errors import Where
from sizao.policy.checks import check_pack
from sizao.policy.loader import read_pack
from sizao.policy.pack import Pack
from sizao.policy.refusals import PackError, nearest

SHIPPED = Path(__file__).parent / "packs"


@lru_cache(maxsize=256)
def _read_once(path: Path, _stamp: tuple[int, int]) -> tuple[Pack | None, tuple[PackError, ...]]:
    pack, problems = read_pack(path)
    if pack is not None and not problems:
        problems = check_pack(pack)
    return pack, tuple(problems)


def read_checked(path: Path) -> tuple[Pack | None, tuple[PackError, ...]]:
    """The pack of a file and its problems; a file that has not changed is read once."""
    stat = path.stat()
    return _read_once(path, (stat.st_mtime_ns, stat.st_size))


class Library:
    """The packs of a folder and the shipped ones; a folder's pack of the same name and version stands before the shipped one."""

    def __init__(self, folder: Path | None = None) -> None:
        self.paths: dict[str, list[Path]] = {}
        for place in ([folder] if folder else []) + [SHIPPED]:
            for path in sorted(place.glob("*.yaml")):
                self.paths.setdefault(path.name.removesuffix(".yaml").split("@")[0], []).append(path)

    def names(self) -> tuple[str, ...]:
        """Every pack name, sorted."""
        return tuple(sorted(self.paths))

    def choose(self, name: str, *, known_on: date | None) -> Pack | None:
        """The version of that name last published by `known_on` (None: ever), or the one asked for as `name@version`.

        None when every version was published later. Refuses an unknown name (P125) and a pack with problems (the first).
        """
        plain, _, version = name.partition("@")
        if plain not in self.paths:
            raise PackError("P125", pack=plain, allowed=nearest(plain, self.names()))
        versions = [_sound(path) for path in self.paths[plain]]
        fitting = [pack for pack in versions if not version or pack.version == version]
        if not fitting:
            raise PackError("P125", pack=name, allowed=", ".join(f"{plain}@{pack.version}" for pack in versions))
        known = [pack for pack in fitting if known_on is None or pack.published_on <= known_on]
        if not known:
            return None
        latest = max(known, key=lambda pack: (pack.published_on, pack.recorded_on)).version
        return next(pack for pack in known if pack.version == latest)

    def expand(self, names: Sequence[str], *, known_on: date | None) -> tuple[tuple[Pack, ...], tuple[str, ...]]:
        """The packs in order, each after the bases it overlays and the packs it deploys; and the names not yet published."""
        chosen: dict[str, Pack] = {}
        left_out: list[str] = []

        def add(name: str, above: tuple[str, ...]) -> None:
            pack = self.choose(name, known_on=known_on)
            if pack is None:
                left_out.append(name)
                return
            if pack.id in chosen or pack.id in above:
                return
            for base in (*pack.overlays, *pack.deployment.packs):
                if base.split("@")[0] not in self.paths:
                    raise unknown_base(pack, base, self.names())
                add(base, (*above, pack.id))
            chosen[pack.id] = pack

        for name in names:
            add(name, ())
        return tuple(chosen.values()), tuple(left_out)


def _sound(path: Path) -> Pack:
    pack, problems = read_checked(path)
    if problems:
        first = problems[0]
        raise type(first)(first.code, where=first.where, **first.slots)
    assert pack is not None, "a pack without problems was read"
    return pack


def unknown_base(pack: Pack, base: str, names: tuple[str, ...]) -> PackError:
    """The refusal of a pack that builds on one that does not exist."""
    where = Where(file=pack.path.name)
    return PackError("P126", where=where, pack=pack.id, base=base, allowed=nearest(base, names))


def list_packs(folder: Path | None = None) -> list[Pack]:
    """Every sound pack, by name and day of publication."""
    library = Library(folder)
    read = [read_checked(path) for paths in library.paths.values() for path in paths]
    return sorted((pack for pack, bad in read if pack and not bad), key=lambda pack: (pack.id, pack.published_on))


def check_files(paths: Iterable[Path] | None = None) -> list[PackError]:
    """Every problem of those pack files or folders (None: the shipped packs), also between packs, in order of file and line."""
    given = list(paths) if paths is not None else [SHIPPED]
    files = [path for each in given for path in (sorted(each.glob("*.yaml")) if each.is_dir() else [each])]
    problems: list[PackError] = []
    seen: dict[tuple[str, str], str] = {}
    library = Library()
    for path in files:
        library.paths.setdefault(path.name.removesuffix(".yaml").split("@")[0], []).append(path)
    for path in files:
        pack, bad = read_checked(path)
        problems += bad
        if pack is None:
            continue
        if (pack.id, pack.version) in seen:
            where = Where(file=path.name)
            problems.append(
                PackError("P127", where=where, pack=pack.id, version=pack.version, other=seen[pack.id, pack.version])
            )
        seen[pack.id, pack.version] = path.name
        problems += _between(pack, library)
    return problems


def _between(pack: Pack, library: Library) -> list[PackError]:
    names = library.names()
    bases = [*pack.overlays, *pack.deployment.packs, *(each.pack for each in pack.adoptions)]
    found = [unknown_base(pack, base, names) for base in bases if base.split("@")[0] not in library.paths]
    for adoption in pack.adoptions:
        if adoption.pack in library.paths:
            found += _check_adoption(adoption.pack, adoption.key, adoption.template, adoption.where, library)
    return found


def _check_adoption(name: str, key: str, template: str, where: Where, library: Library) -> list[PackError]:
    offered = [
        entry.template
        for path in library.paths[name]
        for pack in [read_checked(path)[0]]
        if pack is not None
        for entry in pack.entries
        if entry.key == key and entry.template is not None
    ]
    if template in offered:
        return []
    return [PackError("P128", where=where, template=template, pack=name, entry=key, allowed=", ".join(offered) or "–")]
