"""What institutions sent and nobody could use: counted once however often it is told, and shown to who supervises them."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from api.console.words import LANGUAGES, Words
from api.database import Database
from api.ledger.source import FlagRecord
from api.ledger.writer import LedgerWriter
from api.metrics import LEDGER_REFUSED
from api.rejects import repository
from api.rejects.reading import read_reject
from api.rejects.repository import KEPT_DAYS, Told
from api.tables import REJECT_COUNTS, REJECT_PLACES
from contract import reject as rejects
from contract.errors import Reason, TransportUnavailable
from contract.reject import Reject
from contract.shanghai import DAY_MS, date_of, day_of
from contract.topics import events_topic, rejects_topic
from tests.api.flags import flag
from tests.api.ledger.test_writer import ListSource
from tests.api.world import World, fresh_sqlite

NOW = time.time_ns() // 1_000_000
"""The page counts back from today, so what is told here is of today."""


def reject(offset: int = 0, row: int | None = None, **changes: Any) -> Reject:
    code = changes.pop("code", "BANK01")
    fields: dict[str, Any] = {
        "institution_code": code, "reason": Reason.BAD_AMOUNT, "field": "amount", "topic": events_topic(code),
        "partition": 0, "offset": offset, "row": row,
    }  # fmt: skip
    return Reject(**(fields | changes))


def records(*told: Reject, code: str = "BANK01") -> list[FlagRecord]:
    return [FlagRecord(rejects_topic(code), 0, at, NOW, rejects.encode(one)) for at, one in enumerate(told)]


def writer_over(database: Database, source: ListSource) -> LedgerWriter:
    return LedgerWriter(database, lambda _group: source, clock_ms=lambda: NOW)


def counted(database: Database) -> dict[tuple[str, str], int]:
    with database.reading() as connection:
        return {(row.institution_code, row.reason): row.n for row in connection.execute(select(REJECT_COUNTS))}


def test_rejects_are_counted_once_across_redelivery_and_a_restart(world: World) -> None:
    batch = records(reject(1), reject(2, 0), reject(2, 1, reason=Reason.BAD_TIME, field="occurred_at"), reject(2, 1))
    source = ListSource([batch, batch], refusals=[TransportUnavailable("gone")])
    with pytest.raises(TransportUnavailable):
        writer_over(world.database, source).run_once(source)
    source.close()
    again = writer_over(world.database, source)
    assert [again.run_once(source) for _ in range(2)] == [0, 0]
    assert counted(world.database) == {("BANK01", "bad_amount"): 2, ("BANK01", "bad_time"): 1}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.tuples(st.sampled_from(["B1", "B2"]), st.integers(0, 3), st.none() | st.integers(0, 20)), max_size=40),
    cuts=st.lists(st.integers(0, 40), max_size=6),
)
def test_however_rejects_are_cut_into_batches_and_told_again_each_counts_once(
    told: list[tuple[str, int, int | None]], cuts: list[int]
) -> None:
    database = Database(fresh_sqlite())
    all_of_them = [Told(reject(offset, row, code=code), NOW) for code, offset, row in told]
    edges = sorted({0, *(min(cut, len(told)) for cut in cuts), len(told)})
    for start, end in [*itertools.pairwise(edges), (0, len(told))]:
        with database.writing() as connection:
            repository.count(connection, all_of_them[start:end], now_ms=NOW)
    assert sum(counted(database).values()) == len(set(told))
    database.close()


def test_a_header_is_a_field_too() -> None:
    for name in ("content-type", "fundwatch-record"):
        told = reject(reason=Reason.UNKNOWN_HEADER, field=name)
        assert read_reject(rejects_topic("BANK01"), rejects.encode(told)) == told


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(rejects.encode(reject(code="BANK02")), id="of-another-institution"),
        pytest.param(rejects.encode(reject(topic=events_topic("BANK02"))), id="of-another-topic"),
        pytest.param(rejects.encode(reject(field="341302199001010011")), id="a-value-for-a-field"),
        pytest.param(rejects.encode(reject(row=10_000)), id="a-row-beyond-what-a-record-holds"),
        pytest.param(rejects.encode(reject(offset=-1)), id="an-offset-below-the-first"),
        pytest.param(rejects.encode(reject()).replace(b"bad_amount", b"because"), id="a-reason-of-nobodys"),
        pytest.param(b"{}", id="no-reject"),
    ],
)
def test_what_is_no_reject_of_that_topic_is_refused_and_the_rest_goes_on(world: World, told: bytes) -> None:
    batch = [FlagRecord(rejects_topic("BANK01"), 0, 0, NOW, told), *records(reject(7))]
    source = ListSource([batch])
    refused = LEDGER_REFUSED._value.get()  # noqa: SLF001
    assert writer_over(world.database, source).run_once(source) == 1
    assert LEDGER_REFUSED._value.get() - refused == 1  # noqa: SLF001
    assert counted(world.database) == {("BANK01", "bad_amount"): 1}


def _filled(world: World) -> None:
    world.store([flag("a"), flag("far", branch_region="110105", institution_code="BANK02")])
    world.store([flag("s", institution_code="FUND01", institution_type="securities")])
    some = [Told(reject(offset), NOW) for offset in range(3)]
    some.append(Told(reject(9, reason=Reason.MALFORMED_JSON, field=None), NOW - 2 * DAY_MS))
    some += [Told(reject(5, code="BANK02"), NOW), Told(reject(8), NOW - 40 * DAY_MS)]
    with world.database.writing() as connection:
        repository.count(connection, some, now_ms=NOW)


def test_who_supervises_an_institution_is_told_what_of_it_was_refused_in_thirty_days(world: World) -> None:
    _filled(world)
    today = date_of(day_of(NOW)).isoformat()
    for kind in ("pboc", "nfra"):
        found = {
            one["institution_code"]: one for one in world.get("/v1/coverage", world.office(kind, "341300")).json()["institutions"]
        }
        assert found["BANK01"]["rejected"] == {
            "rejects": 4,
            "last_on": today,
            "reasons": [
                {"reason": "bad_amount", "field": "amount", "rejects": 3},
                {"reason": "malformed_json", "field": None, "rejects": 1},
            ],
        }
        assert "BANK02" not in found, "no flag of it that the office sees"
    only = world.get("/v1/coverage", world.office("csrc", "340000")).json()["institutions"]
    assert [(one["institution_code"], one["rejected"]["rejects"]) for one in only] == [("FUND01", 0)]


def test_who_supervises_no_institution_is_told_nothing_of_it(world: World) -> None:
    _filled(world)
    lead = world.office("lead", "341300")
    assert {one["rejected"] for one in world.get("/v1/coverage", lead).json()["institutions"]} == {None}
    assert "近30日拒收" not in world.get("/console/coverage", lead).text


def test_the_page_of_data_quality_tells_why_in_both_languages(world: World) -> None:
    _filled(world)
    key = world.office("pboc", "341300")
    page = world.get("/console/coverage", key).text
    assert all(word in page for word in ("近30日拒收", "金额不合规", "JSON 无法解析"))
    english = world.get("/console/coverage", key, lang="en").text
    assert all(word in english for word in ("Refused in 30 days", "Bad amount", "Unreadable JSON"))


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_chinese_and_english(reason: Reason) -> None:
    chinese, english = (Words(language).of("reject", reason.value) for language in LANGUAGES)
    assert not chinese.isascii()
    assert english.isascii()
    assert english != reason.value.replace("_", " "), "a word of its own"


def test_what_can_be_told_again_no_more_is_forgotten_and_its_count_stays(world: World) -> None:
    with world.database.writing() as connection:
        repository.count(connection, [Told(reject(1), NOW)], now_ms=NOW)
        later = NOW + (KEPT_DAYS + 1) * DAY_MS
        repository.count(connection, [Told(reject(2), later)], now_ms=later)
        assert connection.execute(select(REJECT_PLACES.c.log_offset)).scalars().all() == [2]
        assert connection.execute(select(func.sum(REJECT_COUNTS.c.n))).scalar_one() == 2
