"""What the demo's processes say of themselves: counters from their metrics pages."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections import Counter

from prometheus_client.parser import text_string_to_metric_families

TIMEOUT_S = 2.0


def scrape(port: int) -> str | None:
    """Return the metrics page of a process on this machine; None while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=TIMEOUT_S) as page:
            text: str = page.read().decode()
            return text
    except (urllib.error.URLError, OSError):
        return None


def is_ready(port: int) -> bool:
    """Whether the process whose operations port this is calls itself ready."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=TIMEOUT_S) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def by_label(page: str | None, sample: str, label: str) -> Counter[str]:
    """Add up a sample by one label.

    >>> page = '# TYPE x counter\\nx_total{a="p",b="1"} 2\\nx_total{a="p",b="2"} 3\\nx_total{a="q",b="1"} 1\\n'
    >>> sorted(by_label(page, "x_total", "a").items())
    [('p', 5), ('q', 1)]
    """
    sums: Counter[str] = Counter()
    for family in text_string_to_metric_families(page or ""):
        for found in family.samples:
            if found.name == sample:
                sums[found.labels.get(label, "")] += round(found.value)
    return sums


def value(page: str | None, sample: str) -> float | None:
    """Return the greatest value of a sample over all its labels; None where the page does not have it.

    >>> value('# TYPE lag gauge\\nlag{p="0"} 1.5\\nlag{p="1"} 0.5\\n', "lag")
    1.5
    """
    values = [
        found.value for family in text_string_to_metric_families(page or "") for found in family.samples if found.name == sample
    ]
    return max(values, default=None)
