"""What is counted for whoever runs the service (/metrics, Prometheus text).

Two kinds. Counters and histograms are this process's own: behind several processes Prometheus sees whichever answers,
so every web process and worker should be scraped by itself, or only their rates be trusted. The gauges of `Backlog`
are read from the database at the scrape: every process gives the same numbers, also those about other processes' work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from store import backlog
from store.database import Database

CALLBACKS = Counter("bot_callbacks", "Callbacks stored and answered", ["channel", "kind"])
ACK_SECONDS = Histogram(
    "bot_ack_seconds",
    "From the arrival of a callback to its answer",
    ["channel"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 5),
)
CHECK_SECONDS = Histogram("bot_check_seconds", "Reading one file in the sandbox", buckets=(0.1, 0.3, 1, 3, 10, 30, 60))
ENDED = Counter("bot_outgoing_ended", "Outgoing messages by how they ended", ["state"])
MODEL_ENDED = Counter("bot_model_ended", "Requests to the language model by how they ended", ["end"])
FAILED = Counter("bot_steps_failed", "Steps that raised and will be tried again or given up", ["step"])


class Backlog(Collector):
    """What waits, as gauges from the database. `now` gives real time."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One reading transaction for all gauges. Raises what the database raises."""
        with self._database.read() as session:
            found = backlog.measure(session, self._now())
        yield GaugeMetricFamily(
            "bot_inbox_oldest_seconds", "Age of the oldest message not handled yet, 0 without any", found.oldest_seconds
        )
        yield GaugeMetricFamily("bot_lanes_waiting", "Senders with messages not handled yet", found.lanes)
        yield _by_state("bot_inbox", "Messages that came in, by state", found.inbox)
        yield _by_state("bot_fetches", "Files of messages, by state", found.fetches)
        yield _by_state("bot_outbox", "Outgoing messages, by state", found.outbox)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: at the registration no database is asked."""
        return iter(())


def _by_state(name: str, text: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family
