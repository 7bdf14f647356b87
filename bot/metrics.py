"""What is counted for whoever runs the service (/metrics, Prometheus text)."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

CALLBACKS = Counter("bot_callbacks", "Callbacks stored and answered", ["channel", "kind"])
ACK_SECONDS = Histogram(
    "bot_ack_seconds",
    "From the arrival of a callback to its answer",
    ["channel"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 5),
)
CHECK_SECONDS = Histogram("bot_check_seconds", "Reading one file in the sandbox", buckets=(0.1, 0.3, 1, 3, 10, 30, 60))
ENDED = Counter("bot_outgoing_ended", "Outgoing messages by how they ended", ["state"])
FAILED = Counter("bot_steps_failed", "Steps that raised and will be tried again or given up", ["step"])
