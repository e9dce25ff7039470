"""The running stream: what was produced, consumed, flagged and stored, read from the processes' own metrics."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from deploy.demo import figures
from deploy.demo.children import Children
from deploy.demo.city import City, Producer


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the stream is at one moment; counts since the start."""

    produced: int = 0
    consumed: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    published: int = 0
    stored: int = 0
    lag_s: float | None = None


@dataclass(slots=True)
class Stream:
    """The processes of one demo and where their metrics are."""

    children: Children
    city: City
    detect_port: int
    serve_port: int
    producers: list[Producer] = field(default_factory=list)

    def progress(self) -> Progress:
        """Read every process's figures; raises ``ChildFailed`` when one has died."""
        self.children.check()
        detect, serve = figures.scrape(self.detect_port), figures.scrape(self.serve_port)
        flags = figures.by_label(detect, "detector_flags_total", "category")
        stored = figures.by_label(serve, "ledger_flags_total", "")
        return Progress(
            produced=sum(producer.sent() for producer in self.producers),
            consumed=figures.by_label(detect, "detector_movements_total", "outcome").total(),
            flags=flags,
            published=flags.total(),
            stored=stored.total(),
            lag_s=figures.value(detect, "detector_event_lag_seconds"),
        )

    def is_through(self, progress: Progress) -> bool:
        """Whether all data is sent and consumed and every flag is in the ledger."""
        sent_all = bool(self.producers) and all(producer.child.ended for producer in self.producers)
        return sent_all and progress.consumed >= progress.produced and progress.stored >= progress.published
