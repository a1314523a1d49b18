"""Metrics in Prometheus' text form. Labels come from closed lists: no ids, no names, nothing of people."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from domain.errors import Code

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
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
        self.seconds = Histogram(
            "kindred_request_seconds",
            "Time to answer an authenticated request.",
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.under_way = Gauge("kindred_requests_under_way", "Requests being answered.", registry=self.registry)
        self.classes = Gauge("kindred_decision_classes", "Classes of the decision table.", registry=self.registry)
        self.ready = Gauge("kindred_ready", "1 if the last look found the hub ready.", registry=self.registry)
        for code in (Code.UNAVAILABLE, Code.INTERNAL):
            self.requests.labels("503" if code is Code.UNAVAILABLE else "500", code.value)

    def text(self) -> bytes:
        """All of them, as `/metrics` serves them."""
        return generate_latest(self.registry)
