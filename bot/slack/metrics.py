"""Figures of a running bot, as monitoring reads them: the door to prometheus-client."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

CONTENT_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counters of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "hubmedic_answers", "Answers given", ["way", "outcome"], registry=self.registry
        )
        self.duplicates = Counter(
            "hubmedic_duplicates", "Deliveries of questions claimed before", registry=self.registry
        )
        self.failures = Counter(
            "hubmedic_failures",
            "Questions whose answer failed, by what failed",
            ["what"],
            registry=self.registry,
        )
        self.recovered = Counter(
            "hubmedic_recovered", "Questions finished for a process that ended", registry=self.registry
        )
        self.votes = Counter("hubmedic_votes", "Thumbs", ["side"], registry=self.registry)
        self.seconds = Histogram(
            "hubmedic_answer_seconds",
            "From the event to the answer",
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge("hubmedic_in_flight", "Questions being answered", registry=self.registry)
        self.ready = Gauge("hubmedic_ready", "1 when questions can be answered", registry=self.registry)

    def text(self) -> bytes:
        """Return all figures in Prometheus' format."""
        return generate_latest(self.registry)
