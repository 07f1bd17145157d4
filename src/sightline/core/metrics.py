"""What is counted and timed; `/metrics` shows it in the Prometheus text format."""

import os
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

REQUESTS: Final = Counter("sightline_requests", "Answers by route template and status.", ["method", "route", "status"])
SECONDS: Final = Histogram("sightline_request_seconds", "Time to the end of the answer.", ["route"])
STREAMS: Final = Gauge("sightline_streams", "Open live streams.", multiprocess_mode="livesum")
LAG: Final = Gauge(
    "sightline_reader_lag_events", "Events a reader has not handled yet.", ["reader"], multiprocess_mode="mostrecent"
)
READER_ERRORS: Final = Counter("sightline_reader_errors", "Failed batches of a reader.", ["reader"])
JOBS: Final = Gauge("sightline_jobs", "Jobs by state.", ["state"], multiprocess_mode="mostrecent")
JOB_RUNS: Final = Counter("sightline_job_runs", "Finished runs of jobs.", ["kind", "outcome"])
DRIFT: Final = Counter("sightline_insights_drift", "Counts that a recount had to correct.")
SIGN_IN_FAILURES: Final = Counter("sightline_sign_in_failures", "Refused sign-ins.")
OUTAGES: Final = Counter("sightline_database_outages", "Requests refused because the database was busy or away.")


def exposition() -> bytes:
    """Return all metrics of all processes of this server in the text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # it ships without
    return generate_latest(registry)
