"""Writes the desks' catalogues again: every string of templates and modules, in zh_Hans and en, as .po and compiled as .mo.

    python src/sizao/desk/locale/messages.py        # add the new, drop the gone, compile, name what zh still lacks
    python src/sizao/desk/locale/messages.py new.tsv  # the same, with Chinese from lines of "English<tab>Chinese"
    python src/sizao/desk/locale/messages.py --check  # only compare

A string is its own English text. What lacks its Chinese has `msgstr ""`: write it there, or in a list as above, and run this
again. A string that goes and comes back finds its Chinese among the ones marked `#~`. Babel does the work; the desks need it not.
"""

from __future__ import annotations

import fcntl
import io
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

HERE = Path(__file__).resolve().parent
DESKS = HERE.parent
LOCALES = ("zh_Hans", "en")
KEYWORDS: Mapping[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands for the dates of the headers: what is written depends on the strings and on nothing else."""

Message = tuple[Any, str | None]
"""A string, or its singular and plural, and its context."""


def used(folder: Path = DESKS) -> dict[Message, list[str]]:
    """Every string the desks say, with the files that say it."""
    found: dict[Message, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        read = _READERS.get(path.suffix)
        if read is None or path == Path(__file__).resolve():
            continue
        for message in read(path.read_text("utf-8")):
            places = found.setdefault(message, [])
            if (place := path.relative_to(folder).as_posix()) not in places:
                places.append(place)
    return found


def _of_python(text: str) -> Iterator[Message]:
    source = io.BytesIO(text.encode())
    for _, message, _, context in extract("python", source, keywords=KEYWORDS, options={"encoding": "utf-8"}):
        yield (tuple(message) if isinstance(message, list | tuple) else message), context


def _of_template(text: str) -> Iterator[Message]:
    if not settings.configured:
        settings.configure()
    lines = [line.strip() for line in templatize(text).splitlines()]
    yield from _of_python("\n".join(lines))


_READERS: Mapping[str, Callable[[str], Iterator[Message]]] = {
    ".py": _of_python,
    ".html": _of_template,
    ".txt": _of_template,
}


def po_path(locale: str) -> Path:
    """Where a catalogue lies."""
    return HERE / locale / "LC_MESSAGES" / "django.po"


def catalogue(locale: str) -> Catalog:
    """A catalogue as it is written now; an empty one where there is none."""
    path = po_path(locale)
    if not path.exists():
        return _empty(locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def _empty(locale: str) -> Catalog:
    return Catalog(
        locale=locale, project="Sizao", version="1", creation_date=WRITTEN, revision_date=WRITTEN, fuzzy=False
    )


def renewed(locale: str, strings: Mapping[Message, list[str]], told: Mapping[str, str] | None = None) -> Catalog:
    """The catalogue that these strings call for, with what was translated before and what is `told` now."""
    before, after = catalogue(locale), _empty(locale)
    known = {(one.id, one.context): one for one in [*before.obsolete.values(), *before] if one.id}
    for (message, context), places in sorted(strings.items(), key=str):
        old = known.get((message, context))
        text = message if locale == "en" else (told or {}).get(message, old.string if old is not None else "")
        after.add(message, text, locations=[(place, None) for place in places], context=context)  # type: ignore[misc]  # no lines
    for key, old in known.items():
        if key not in strings and locale != "en" and any(texts(old.string)):
            after.obsolete[old.id if old.context is None else (old.id, old.context)] = old
    return after


def texts(string: Any) -> tuple[str, ...]:
    """The text, or the singular and plural texts, of a message."""
    return tuple(string) if isinstance(string, list | tuple) else (string,)


def lacking(known: Catalog) -> list[str]:
    """The strings that have no text, or one that nobody vouches for, with the files that say them."""
    missing = [one for one in known if one.id and (one.fuzzy or not all(texts(one.string)))]
    return [f"{', '.join(place for place, _ in one.locations)}: {one.id}" for one in missing]


def as_po(known: Catalog) -> bytes:
    """The catalogue as people edit it."""
    file = io.BytesIO()
    write_po(file, known, width=130, sort_output=True, include_lineno=False)
    return file.getvalue()


def as_mo(known: Catalog) -> bytes:
    """The catalogue as the desks read it."""
    file = io.BytesIO()
    write_mo(file, known)
    return file.getvalue()


def _list(names: list[str]) -> dict[str, str]:
    lines = [line.split("\t") for name in names for line in Path(name).read_text("utf-8").splitlines()]
    return {line[0]: line[1].strip() for line in lines if len(line) == 2 and line[1].strip()}


def main(arguments: list[str]) -> int:
    """Write the catalogues, or with `--check` say which are not as the source makes them."""
    check = "--check" in arguments
    told = _list([name for name in arguments if name != "--check"])
    stale, missing = [], []
    with Path(tempfile.gettempdir(), "sizao-messages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        strings = used()
        for locale in LOCALES:
            known = renewed(locale, strings, told if locale == LOCALES[0] else None)
            missing += lacking(known)
            for path, made in ((po_path(locale), as_po(known)), (po_path(locale).with_suffix(".mo"), as_mo(known))):
                if path.exists() and path.read_bytes() == made:
                    continue
                stale.append(path.relative_to(DESKS).as_posix())
                if not check:
                    _write(path, made)
    for line in [*(f"renewed {name}" for name in stale), *(f"no Chinese: {text}" for text in sorted(missing))]:
        sys.stdout.write(f"{line}\n")
    return 1 if missing or (check and stale) else 0


def _write(path: Path, made: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.tmp")
    draft.write_bytes(made)
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
