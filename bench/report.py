"""The results file, and the table the README carries between its marks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.runner import Row

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
OWN = "Sizao"
_UNCOMPARED = ("dossiers", "fact intake", "list:")
_LABEL = {"ingest": "take in", "bytes per stay": "bytes per stay"}

Results = dict[str, Any]


def write(path: Path, machine: Mapping[str, Any], rows: Iterable[Row]) -> Results:
    """Write the results. Rows of sizes and works that this run did not measure are kept from the file that is there."""
    fresh = [row.plain() for row in rows]
    measured = {(row["work"], row["size"], row["engine"]) for row in fresh}
    kept = [row for row in _read(path)["rows"] if (row["work"], row["size"], row["engine"]) not in measured]
    results = {"machine": dict(machine), "rows": sorted(kept + fresh, key=_order)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return results


def _read(path: Path) -> Results:
    if not path.exists():
        return {"machine": {}, "rows": []}
    found: Results = json.loads(path.read_text("utf-8"))
    return found


def _order(row: Mapping[str, Any]) -> tuple[int, str]:
    return ("XS", "T", "S", "M", "L").index(row["size"]) if row["size"] in ("XS", "T", "S", "M", "L") else 9, ""


def markdown(results: Results) -> str:
    """One table per size: works down, engines across; each cell a time and how many times ours it is."""
    machine = results["machine"]
    head = (
        f"{machine.get('processor')}, {machine.get('cores')} cores, {machine.get('memory_gb')} GiB; "
        f"Python {machine.get('python')}. Medians of warm runs; in brackets how many times Sizao's time."
    )
    sizes = list(dict.fromkeys(row["size"] for row in results["rows"]))
    parts = [head]
    for size in sizes:
        rows = [row for row in results["rows"] if row["size"] == size]
        parts.append(_table(size, rows))
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(size: str, rows: Sequence[Mapping[str, Any]]) -> str:
    compared = [row for row in rows if not row["work"].startswith(_UNCOMPARED)]
    others = [row for row in rows if row["work"].startswith(_UNCOMPARED)]
    lines = []
    if compared:
        engines = list(dict.fromkeys(row["engine"] for row in compared))
        engines.sort(key=lambda name: name != OWN)
        works = list(dict.fromkeys(row["work"] for row in compared))
        cells = {(row["work"], row["engine"]): row for row in compared}
        lines = [f"**Size {size}**", "", "| | " + " | ".join(engines) + " |", "|---|" + "---|" * len(engines)]
        for work in works:
            ours = cells.get((work, OWN))
            row_cells = [_cell(cells.get((work, engine)), ours, own=engine == OWN) for engine in engines]
            lines.append(f"| {_LABEL.get(work, work)} | " + " | ".join(row_cells) + " |")
        lines += ["", *_notes(compared)]
    lines += [f"- {row['work']}: {_rate(row)}" for row in others]
    return "\n".join(lines).strip()


def _cell(row: Mapping[str, Any] | None, ours: Mapping[str, Any] | None, *, own: bool) -> str:
    if row is None:
        return "–"
    if row["answers_equal"] is False:
        return "**answers differ**"
    if row["work"] == "bytes per stay":
        return f"{row['value']:.1f}"
    if row["median_s"] is None:
        return _short(row["note"])
    text = seconds(row["median_s"])
    if not own and ours is not None and ours["median_s"]:
        text += f" ({_times(row['median_s'] / ours['median_s'])})"
    return text + ("¹" if row["note"] == "one run" else "")


def _short(note: str | None) -> str:
    if note and note.startswith("stopped after"):
        return f"> {note.removeprefix('stopped after ')}"
    return "not run"


def _notes(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    peaks: dict[str, float] = {}
    for row in rows:
        if row["peak_mb"]:
            peaks[row["engine"]] = max(peaks.get(row["engine"], 0.0), row["peak_mb"])
    told = "; ".join(f"{engine} {peak:,.0f}" for engine, peak in peaks.items())
    compared = [row["answers_equal"] for row in rows if row["answers_equal"] is not None]
    equal = "All answers compared were equal." if all(compared) else "**Some answers differ.**"
    ones = " ¹ one run." if any(row["note"] == "one run" for row in rows) else ""
    return [f"{equal}{ones} Peak memory in MB, taking in included: {told}.", ""]


def _rate(row: Mapping[str, Any]) -> str:
    if row["value"] is None:
        return f"not run ({row['note']})"
    note = f" ({row['note']})" if row["note"] else ""
    return f"{row['value']:,.0f} {row['unit']}{note}{_peak(row)}."


def _peak(row: Mapping[str, Any]) -> str:
    return f", peak {row['peak_mb']:,.0f} MB" if row["peak_mb"] else ""


def seconds(value: float) -> str:
    """A time as people read it: three figures and a unit."""
    for scale, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if value >= scale or unit == "µs":
            scaled = value / scale
            return f"{scaled:.{0 if scaled >= 100 else 1 if scaled >= 10 else 2}f} {unit}"
    raise AssertionError


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.1f}×" if ratio >= 0.95 else f"{ratio:.2f}×"


def put_into(readme: Path, results: Results) -> bool:
    """Rewrite what stands between the marks; False when the file has no marks."""
    text = readme.read_text("utf-8") if readme.exists() else ""
    if BEGIN not in text or END not in text:
        return False
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n{END}{after}", "utf-8")
    return True
