"""A third party's transactions go through a real broker and come out of the API as flagged accounts with reasons."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from deploy.demo import figures
from deploy.demo.office_view import OfficeView
from deploy.servers.process import free_port

pytestmark = pytest.mark.integration

PROJECT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("FUNDWATCH_SHARED", PROJECT.parent / "shared"))
DATA = SHARED / "data" / "amlsim_ibm_sample20k"
MAPPING = PROJECT / "docs" / "mappings" / "amlsim_ibm_sample20k.toml"
INSTITUTION = "AMLSIM20K"
# Two a row: 120,558 transfers, both accounts are the institution's own.
MOVEMENTS = 241_116


@pytest.fixture
def transactions() -> Path:
    """The set's transfers: third parties' data never go into the project, so a machine without them skips, and says so."""
    path = DATA / "tx.csv.gz"
    if not path.exists():
        pytest.skip(f"no third party's data beside the project: set FUNDWATCH_SHARED (looked for {DATA.name})")
    return path


def _serve(stream: Any, database: str) -> OfficeView:
    """Ledger and API over this database, as the central bank's city office sees it."""
    port, ops_port = free_port(), free_port()
    secret = ("--secret-file", str(stream.children.folder / "api.secret"))
    office = ["office", "add", "--kind", "pboc", "--region", "341300", "--database", database, *secret]
    key = stream.children.run("office", office).strip()
    stream.children.start(
        "serve",
        [
            *("serve", "--kafka", stream.kafka.address, "--database", database, *secret),
            *("--port", str(port), "--ops-port", str(ops_port)),
        ],
    )
    stream.wait(lambda: figures.is_ready(ops_port), "the API is ready")
    return OfficeView(f"http://127.0.0.1:{port}", key)


def _listed(view: OfficeView) -> list[dict[str, Any]]:
    """Flags of every category; ``observe`` is listed only when asked for."""
    return [
        flag
        for category in ("illegal_fundraising", "suspicious", "observe", "large_value")
        for flag in view.flags(category=category)
    ]


def test_transfers_of_a_third_party_become_flagged_accounts_with_reasons(
    stream: Any, database: Any, transactions: Path, record_property: Any
) -> None:
    record_property("broker", stream.kafka.kind)
    record_property("database", database.kind)
    stream.topics(**{INSTITUTION: 4})
    view = _serve(stream, database.address)
    stream.detect()
    stream.detect()
    mapped = ("--format", "csv", "--mapping", str(MAPPING))
    summary = stream.produce(str(transactions), *mapped, institution=INSTITUTION)
    assert summary["sent"] == MOVEMENTS
    assert summary["rejected"] == 0

    stream.wait_consumed()
    assert all(stream.consumed()), "both workers have worked"
    pages = [figures.scrape(port) for port in stream.ops_ports]
    published = sum(figures.by_label(page, "detector_flags_total", "category").total() for page in pages)
    assert published > 0
    stream.wait(lambda: len(_listed(view)) > 0, "flags are listed")

    for flag in _listed(view):
        assert flag["institution_code"] == INSTITUTION
        assert flag["findings"], "a flag without a reason"
        for finding in flag["findings"]:
            assert finding["zh"]
            assert finding["en"]
        assert view.get(f"/v1/flags/{flag['flag_id']}")["account_id"] == flag["account_id"]
