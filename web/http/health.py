"""For those who run the server: is it alive, is it ready, how much does it do. No names, no numbers of persons."""

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from registry.audit.alarms import counted
from registry.errors import RowAltered
from web.http.limits import counting_here
from web.http.problems import answered, as_json, problem
from web.services import services

pages = Blueprint("operation", __name__)
metrics = CollectorRegistry()
REQUESTS: Final = Counter(
    "zhicheng_requests", "Answered requests.", ("endpoint", "method", "status"), registry=metrics
)
VERDICTS: Final = Counter(
    "zhicheng_verdicts", "Verifications by verdict.", ("way", "verdict"), registry=metrics
)
COUNTING_HERE: Final = Gauge(
    "zhicheng_limits_fallback",
    "1 while the shared store of rate limits is away and this process counts for itself.",
    registry=metrics,
)
COUNTING_HERE.set_function(counting_here)
ALTERED_ROWS: Final = Counter(
    "zhicheng_altered_rows",
    "Answers refused because a row is not as the program wrote it.",
    ("table",),
    registry=metrics,
)


@pages.app_errorhandler(RowAltered)
def _row_altered(error: RowAltered) -> Response:
    ALTERED_ROWS.labels(str(error.data["table"])).inc()
    return answered(503, "row_altered")


class _Alarms(Collector):
    """What `registry.audit.alarms` has counted, whatever way the contradiction came to light."""

    def collect(self) -> Iterable[CounterMetricFamily]:
        """One counter by kind."""
        found = CounterMetricFamily("zhicheng_alarms", "Contradictions to be looked into.", labels=["kind"])
        for kind, count in counted().items():
            found.add_metric([kind], count)
        yield found


metrics.register(_Alarms())


@pages.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return as_json({"status": "ok"})


@pages.get("/readyz")
def readyz() -> Response:
    """The register answers, so the site can serve."""
    if not services().ready():
        return problem(503, "http503")
    return as_json({"status": "ready"})


@pages.get("/metrics")
def metrics_text() -> Response:
    """Counters in Prometheus' text format."""
    return Response(generate_latest(metrics), content_type=CONTENT_TYPE_LATEST)


@pages.after_app_request
def _count(response: Response) -> Response:
    REQUESTS.labels(request.endpoint or "unknown", request.method, str(response.status_code)).inc()
    return response
