"""The figures in Prometheus' form; this is the only place that knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from governance.services.figures import Figures

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def exposition(figures: Figures) -> bytes:
    """The text that a scrape is answered with. A registry of its own: nothing is counted in this process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(figures))
    return generate_latest(registry)


class _Collector(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def describe(self) -> list[Metric]:
        """Nothing is read to be registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        found = self._figures
        yield _by("calendar_reading_age_seconds", "Since the calendar was last read.", "calendar", found.calendar_ages)
        yield _by(
            "meeting_reading_age_seconds", "Since the meeting's calendar was last read.", "meeting", found.meeting_ages
        )
        yield _by("findings", "What the rules remark now: drift found.", "rule", found.findings)
        yield _applied(found.applied)
        yield _one("changes_held", "Changes that wait for a person or for their time.", found.held)
        yield _one("meetings_queued", "Meetings that are to be looked at.", found.queue)
        yield _one("workers_alive", "Workers that are at work.", found.workers)
        yield _by("leases", "Calendars by the worker that has them.", "worker", found.leases)
        yield _quota(found.quota)
        yield _one("events_set_aside", "Events that cannot be read or written.", found.set_aside)
        yield _one("accounts_left_alone", "Accounts whose breaker is open.", found.breakers)
        yield _one("calendars_writes_paused", "Calendars that Google lets nothing be written to.", found.writes_paused)
        yield _by("mails", "Mails that were not sent, or may not have been.", "state", found.mails)
        yield _one("mail_due_age_seconds", "Since the mail was due that has waited for longest.", found.mail_age)
        yield _by("problems", "What `governance status` names.", "code", found.problems)


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"governance_{name}", text, value=value)


def _by(name: str, text: str, label: str, values: Mapping[str, float] | Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(f"governance_{name}", text, labels=[label])
    for key in sorted(values):
        family.add_metric([key], values[key])
    return family


def _applied(values: Mapping[str, int]) -> Metric:
    text = "Changes written to calendars: drift repaired."
    family = CounterMetricFamily("governance_changes_applied", text, labels=["rule"])
    for rule in sorted(values):
        family.add_metric([rule], values[rule])
    return family


def _quota(values: Mapping[tuple[str, str], float]) -> Metric:
    text = "Units of Google's quota used in the last minute."
    family = GaugeMetricFamily("governance_quota_units", text, labels=["worker", "account"])
    for worker, account in sorted(values):
        family.add_metric([worker, account], values[worker, account])
    return family
