"""Metrics in Prometheus' text form. Labels come from closed lists: no ids, no names, nothing of people."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from domain.errors import Code

_WITHIN = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds. Coarse on purpose, and no sum is kept: what a request took must not tell what stood behind the gate."""

ANSWERED = "ANSWERED"
"""The label of answers without an error of the whole request."""


class Counters:
    """One set for one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "kindred_requests", "GraphQL requests by HTTP status and code.", ("status", "code"), registry=self.registry
        )
        self.unauthenticated = Counter(
            "kindred_unauthenticated", "Requests without a valid token: counted, never kept.", registry=self.registry
        )
        self._durations = Counter(
            "kindred_request_durations",
            "Authenticated requests by the shortest span, in seconds, that their answer took no longer than.",
            ("within",),
            registry=self.registry,
        )
        self.under_way = Gauge("kindred_requests_under_way", "Requests being answered.", registry=self.registry)
        self.classes = Gauge("kindred_decision_classes", "Classes of the decision table.", registry=self.registry)
        self.ready = Gauge("kindred_ready", "1 if the last look found the hub ready.", registry=self.registry)
        for code in (Code.UNAVAILABLE, Code.INTERNAL):
            self.requests.labels("503" if code is Code.UNAVAILABLE else "500", code.value)
        for span in (*_WITHIN, None):
            self._durations.labels(_label(span))

    def took(self, seconds: float) -> None:
        """Count how long a request took, coarsely."""
        self._durations.labels(_label(next((span for span in _WITHIN if seconds <= span), None))).inc()

    def text(self) -> bytes:
        """All of them, as `/metrics` serves them."""
        return generate_latest(self.registry)


def _label(span: float | None) -> str:
    return "longer" if span is None else f"{span:g}"
