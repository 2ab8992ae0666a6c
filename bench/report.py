"""What was measured, as a table that says which bars are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATIO_BAR, QUERY_BAR, BYTES_BAR, MEMORY_BAR = 3.0, 15, 60 * 1024, 400
COUNTED_BAR = 6.0
"""Pages that count, and a search for a word that stands nearly everywhere, may take so many times as long."""
FIRINGS_BAR = 2000
GROWTH_BAR = 1.1
"""A worker's memory after all forms may be so many times what it was early on."""
INDEPENDENCE_BAR = 1.5
"""A sweep among ten times as many open deadlines may take so many times as long and still count as independent."""


@dataclass
class Page:
    """The answers of one page."""

    name: str
    seconds: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    bar: float = RATIO_BAR

    @property
    def p50(self) -> float:
        """The median, in milliseconds."""
        return median(self.seconds) * 1000

    @property
    def p95(self) -> float:
        """What 95 of 100 stay under, in milliseconds."""
        return percentile_95(self.seconds)


@dataclass(frozen=True)
class Sweep:
    """One sweep: so many due among so many open deadlines, by so many workers."""

    due: int
    among: int
    workers: int
    level: str
    fired: int
    seconds: float

    @property
    def rate(self) -> float:
        """Levels fired in a second, their timeline entries and notices included."""
        return self.fired / self.seconds if self.seconds else 0.0


@dataclass
class Rival:
    """Another program that prints the same page; without a command it is not installed."""

    name: str
    command: list[str]
    made: Path
    bar: float
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Prints:
    """One page of a form: first and warm, beside its rivals; by two workers; their memory early and late, in MB."""

    first: float
    warm: list[float]
    rivals: list[Rival]
    rate: float
    memory: list[tuple[float, float]]


def percentile_95(seconds: list[float]) -> float:
    """What 95 of 100 stay under, in milliseconds."""
    return sorted(seconds)[min(len(seconds) - 1, round(len(seconds) * 0.95))] * 1000


def verdict(kept: bool) -> str:  # noqa: FBT001 - it is what is told
    """A word for it."""
    return "PASS" if kept else "MISS"


def pages(measured: list[Page]) -> Iterator[str]:
    """The lines about pages; the first of them is the bare view."""
    bare = measured[0].p50
    yield f"{'page':<22}{'n':>5}{'p50 ms':>9}{'p95 ms':>9}{'x bare':>8}{'queries':>9}{'KB':>7}"
    for page in measured:
        ratio, queries, size = page.p50 / bare, max(page.queries), max(page.sizes)
        line = f"{page.name:<22}{len(page.seconds):>5}{page.p50:>9.1f}{page.p95:>9.1f}"
        line += f"{ratio:>8.2f}{queries:>9}{size / 1024:>7.1f}"
        if page is not measured[0]:
            line += f"   time {verdict(ratio <= page.bar)}  queries {verdict(queries <= QUERY_BAR)}"
            line += f"  size {verdict(size <= BYTES_BAR)}"
        yield line
    bars = f"p50 at most {RATIO_BAR:.0f} x bare ({COUNTED_BAR:.0f} x where it is counted)"
    yield f"bars: {bars}, {QUERY_BAR} queries, {BYTES_BAR // 1024} KB"


def memory(used: float) -> str:
    """The line about the memory of all web processes, in MB."""
    return f"web processes hold {used:.0f} MB after the run   {verdict(used <= MEMORY_BAR)} (bar: {MEMORY_BAR} MB)"


def sweeps(measured: list[Sweep]) -> Iterator[str]:
    """The lines about sweeps."""
    yield f"{'sweep':<12}{'due':>8}{'among':>9}{'workers':>9}{'fired':>8}{'s':>8}{'a second':>10}"
    for sweep in measured:
        line = f"{sweep.level:<12}{sweep.due:>8}{sweep.among:>9}{sweep.workers:>9}"
        line += f"{sweep.fired:>8}{sweep.seconds:>8.2f}{sweep.rate:>10.0f}"
        if sweep.workers > 1:
            line += f"   {verdict(sweep.rate >= FIRINGS_BAR)}"
        yield line
    yield from _independence(measured)
    yield f"bars: {FIRINGS_BAR} a second with two workers, and the same cost among ten times as many"


def _independence(measured: list[Sweep]) -> Iterator[str]:
    """How the cost of the same work changes with how much lies open."""
    groups: dict[tuple[int, int], dict[int, float]] = {}
    for sweep in measured:
        found = groups.setdefault((sweep.due, sweep.workers), {})
        found[sweep.among] = found.get(sweep.among, 0.0) + sweep.seconds
    for (due, workers), by_size in groups.items():
        if len(by_size) > 1:
            small, large = min(by_size), max(by_size)
            times = by_size[large] / by_size[small]
            yield (
                f"{due} due, {workers} workers: among {large} it takes {times:.2f} x as long as among {small}   "
                f"{verdict(times <= INDEPENDENCE_BAR)}"
            )


def prints(measured: Prints) -> Iterator[str]:
    """The lines about printed forms."""
    ours = median(measured.warm) * 1000
    yield f"{'one page of a form':<22}{'n':>5}{'p50 ms':>9}{'p95 ms':>9}"
    yield f"{'first, new process':<22}{1:>5}{measured.first * 1000:>9.0f}"
    yield f"{'warm':<22}{len(measured.warm):>5}{ours:>9.1f}{percentile_95(measured.warm):>9.1f}"
    for rival in measured.rivals:
        if not rival.seconds:
            yield f"{rival.name:<22} is not installed: not compared"
            continue
        p50 = median(rival.seconds) * 1000
        line = f"{rival.name:<22}{len(rival.seconds):>5}{p50:>9.0f}{percentile_95(rival.seconds):>9.0f}"
        yield f"{line}   ours is 1/{p50 / ours:.1f} {verdict(ours <= p50 * rival.bar)} (bar: 1/{1 / rival.bar:.0f})"
    yield f"two workers print {measured.rate:.1f} forms a second"
    for early, late in measured.memory:
        yield f"a worker holds {early:.0f} MB early and {late:.0f} MB late   {verdict(late <= early * GROWTH_BAR)}"
