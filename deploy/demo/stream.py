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
    schemes: Counter[str] = field(default_factory=Counter)
    told: int = 0
    heard: int = 0
    """Records of evidence that the detector told and the scheme process heard."""
    published: int = 0
    stored: int = 0
    lag_s: float | None = None


@dataclass(slots=True)
class Stream:
    """The processes of one demo and where their metrics are."""

    children: Children
    city: City
    detect_port: int
    schemes_port: int
    serve_port: int
    producers: list[Producer] = field(default_factory=list)

    def progress(self) -> Progress:
        """Read every process's figures; raises ``ChildFailed`` when one has died."""
        self.children.check()
        detect, serve = figures.scrape(self.detect_port), figures.scrape(self.serve_port)
        linking = figures.scrape(self.schemes_port)
        flags = sum((figures.by_label(page, "detector_flags_total", "category") for page in (detect, linking)), Counter[str]())
        schemes = figures.by_label(linking, "detector_schemes_total", "category")
        stored = sum(figures.by_label(serve, f"ledger_{kind}_total", "").total() for kind in ("flags", "schemes"))
        heard = figures.by_label(linking, "detector_evidence_total", "outcome")
        return Progress(
            produced=sum(producer.sent() for producer in self.producers),
            consumed=figures.by_label(detect, "detector_movements_total", "outcome").total(),
            flags=flags,
            schemes=schemes,
            told=figures.by_label(detect, "detector_evidence_total", "outcome")["told"],
            heard=heard.total(),
            published=flags.total() + schemes.total(),
            stored=stored,
            lag_s=figures.value(detect, "detector_event_lag_seconds"),
        )

    def is_through(self, progress: Progress) -> bool:
        """Whether all data is sent and consumed, all evidence heard, and every flag and scheme in the ledger."""
        sent_all = bool(self.producers) and all(producer.child.ended for producer in self.producers)
        judged = progress.consumed >= progress.produced and progress.heard >= progress.told
        return sent_all and judged and progress.stored >= progress.published
