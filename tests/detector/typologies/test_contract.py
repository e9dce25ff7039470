"""What holds for every typology of the package, found by itself: a new one without a story of its own fails here."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

from contract.flag import FAMILIES, Finding
from contract.json_codec import encode_movement
from contract.profile import PROFILE
from contract.topics import events_topic
from contract.watchlist import KINDS
from detector.business.layout import BUSINESS
from detector.business.rows import BusinessRows
from detector.catalogue import found, load_catalogue
from detector.decode import Decoder, Record, Step
from detector.engine import Shard
from detector.features.evaluate import CLOSER
from detector.features.layout import EVALUATION, EVIDENCE_SLOTS, WINDOW
from detector.findings import EvaluationRows, Typology
from detector.sides.contacts import CONTACT
from tests.detector.listing import Listing
from tests.detector.row_bounds import bounds_of
from tests.detector.shards import INSTITUTION, batch_of, profile, until
from tests.detector.stories import alone, last_day, on, wire

NAMES = sorted(found())


def story(name: str) -> list[dict[str, Any]]:
    """The rows that the typology's own tests say it fires on."""
    module = importlib.import_module(f"tests.detector.typologies.test_{name}")
    rows: list[dict[str, Any]] = module.FIRES
    return sorted(rows, key=lambda row: row["occurred_at"])


def about(name: str) -> dict[str, Any]:
    """What the bank knows of the account in that story; mostly nothing."""
    return dict(getattr(importlib.import_module(f"tests.detector.typologies.test_{name}"), "ABOUT", {}))


def from_wire(name: str) -> list[Finding]:
    """Findings of the typology after its story went the way of single JSON records."""
    listed = getattr(importlib.import_module(f"tests.detector.typologies.test_{name}"), "LISTED", ())
    shard, rows = Shard(INSTITUTION, 0, alone(name), turns=Listing.at_once(*listed)), story(name)
    if known := about(name):
        shard.profiles(batch_of([profile("a:1", known.pop("holder_kind", None), **known)], PROFILE))
    decoder = Decoder(INSTITUTION, events_topic(INSTITUTION), 0, 1, 600_000)
    records = [
        Record(events_topic(INSTITUTION), 0, offset, row["occurred_at"], (), encode_movement(wire(row)))
        for offset, row in enumerate(rows)
    ]
    flags = []
    for step in decoder.decode(records):
        assert isinstance(step, Step), step
        flags += shard.movements(step.batch).flags
    flags += until(shard, on(last_day(rows) + 1))
    return [one for flag in flags for one in flag.findings if one.typology == found()[name].key]


@pytest.mark.parametrize("name", NAMES)
def test_it_fires_from_wire_json_with_evidence_and_sentences(name: str) -> None:
    findings = from_wire(name)
    assert findings
    events = {row["event_id"] for row in story(name)}
    for one in findings:
        assert set(one.evidence) <= events
        assert 0 < len(one.evidence) <= EVIDENCE_SLOTS
        assert len(set(one.evidence)) == len(one.evidence)
        assert one.zh != one.en
        assert one.en.isascii()
        assert one.family in FAMILIES


def empty(count: int) -> EvaluationRows:
    """Accounts of which nothing is known."""
    return EvaluationRows(np.zeros(count, EVALUATION), np.zeros((count, 4), WINDOW))


def strange(count: int, seed: int) -> EvaluationRows:
    """Rows of any counts and sums, in no relation to each other."""
    rng = np.random.default_rng(seed)
    core, windows, business = np.zeros(count, EVALUATION), np.zeros((count, 4), WINDOW), np.zeros(count, BUSINESS)
    for part in (core, windows, business):
        for field in part.dtype.names or ():
            shape = part[field].shape
            part[field] = rng.integers(0, 100, shape) if part[field].dtype.itemsize == 1 else rng.integers(0, 10**6, shape)
    listed = np.zeros(count, CONTACT)
    for field in ("parties", "paid_in", "paid_out", "moved"):
        listed[field] = rng.integers(0, 10**6, count)
    listed["holder"], listed["cleared"] = rng.integers(0, 1 + len(KINDS), count), rng.integers(0, 2, count)
    business["place"] = rng.integers(0, 4, count)
    return EvaluationRows(core, windows, listed, beside(business))


def beside(columns: Any) -> BusinessRows:
    """A book's columns with no events behind them."""

    def events(k: int, name: str) -> list[str]:
        return []

    return BusinessRows(columns, frozenset(("bank", "securities", "insurance")), events)


@pytest.mark.parametrize("name", NAMES)
def test_an_account_of_which_nothing_is_known_is_no_finding(name: str) -> None:
    findings = found()[name].evaluate(empty(3))
    assert not findings.fired.any()
    assert np.isfinite(findings.value).all()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [1, 2])
def test_findings_are_columns_of_the_rows_length_within_their_ranges(name: str, seed: int) -> None:
    typology, rows = found()[name], strange(500, seed)
    findings = typology.evaluate(rows)
    for column in (findings.fired, findings.value, findings.threshold, findings.strength, findings.coverage, findings.evaluable):
        assert column.shape == (500,)
    for ratio in (findings.strength, findings.coverage):
        assert ((ratio >= 0) & (ratio <= 1)).all()
    assert not (findings.fired & ~findings.evaluable).any()
    for k in np.flatnonzero(findings.fired)[:5]:
        zh, en = typology.say(rows, int(k), findings)
        assert zh
        assert en


@pytest.mark.parametrize("name", NAMES)
def test_a_row_is_judged_alike_in_whatever_company(name: str) -> None:
    typology, rows = found()[name], strange(60, 3)
    together = typology.evaluate(rows)
    for k in range(0, 60, 7):
        part = slice(k, k + 1)
        beneath = beside(rows.business[part])
        one = typology.evaluate(EvaluationRows(rows.core[part], rows.windows[part], rows.contact[part], beneath))
        for field in ("fired", "value", "strength", "coverage", "evaluable"):
            assert getattr(one, field)[0] == getattr(together, field)[k]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_named_by_its_file_and_speaks_the_interface(name: str) -> None:
    typology = found()[name]
    assert isinstance(typology, Typology)
    assert typology.key == f"{name}@1"
    assert type(typology).__module__ == f"detector.typologies.{name}"
    assert typology.family in FAMILIES
    assert set(typology.evidence_sides) <= {0, 1}


def test_the_built_in_catalogue_holds_all_of_them_in_name_order() -> None:
    assert [one.key for one in load_catalogue().typologies] == [f"{name}@1" for name in NAMES]


def anything(count: int, seed: int, place: int) -> EvaluationRows:
    """Rows of all kinds of numbers, likely and not, around the thresholds of typologies."""
    rng = np.random.default_rng(seed)
    levels = np.array([0, 1, 2, 3, 5, 10, 15, 20, 30, 50, 100, 200, 10_000, 100_000, 10**7, 5 * 10**7, 3 * 10**8, 10**10])
    parts: list[Any] = []
    for dtype, shape in ((EVALUATION, (count,)), (WINDOW, (count, 4)), (CONTACT, (count,)), (BUSINESS, (count,))):
        part = np.zeros(shape, dtype)
        for name in dtype.names or ():
            most = 10.0 if dtype[name].base.kind == "f" else np.iinfo(dtype[name].base).max
            part[name] = rng.choice(levels[levels <= most], (*shape, *dtype[name].shape))
        parts.append(part)
    core, windows, contact, business = parts
    for name in ("account_type", "holder_kind", "licence", "industry", "sensitive", "institution_type"):
        core[name] = rng.integers(0, 3, count)
    core["as_of"] = core["moved"] = 20_000
    core["opened"], core["woke"], core["probed"] = (rng.choice([0, 19_700, 19_975, 19_995], count) for _ in range(3))
    core["closed"] = rng.choice([0, 19_990, 20_000], count)
    business["place"] = place
    if not place:
        business[:] = 0  # as the book leaves what it has settled nothing of
    return EvaluationRows(
        core, windows, contact, BusinessRows(business, frozenset({"bank", "securities", "insurance"}), lambda *_: [])
    )


def possible(rows: EvaluationRows) -> EvaluationRows:
    """The rows with no more said of counterparties than the account's own figures allow (row_bounds)."""
    core = rows.core
    for name, most in bounds_of(rows):
        core[name] = np.minimum(core[name], most)
    # All units are multiples of the first.
    rows.windows["at_units"][..., 0] = rows.windows["at_units"].max(axis=-1)
    return rows


@pytest.mark.parametrize("name", NAMES)
def test_it_never_fires_outside_what_its_screen_lets_through(name: str) -> None:
    typology: Any = found()[name]
    rows = possible(anything(40_000, NAMES.index(name), int(getattr(typology, "business", "any") == "any")))
    fired = typology.evaluate(rows).fired
    if hasattr(typology, "screen"):
        screened = typology.screen(rows)
        assert not (fired & ~screened).any()
        assert not (fired & ~getattr(typology, "screen_closer", typology.screen)(rows)).any()
        assert not screened.all(), "a screen that keeps every row is none"
    elif getattr(typology, "business", "any") != "any":
        assert not fired.any(), "the business book has nothing of these accounts"
    else:
        assert name in ("night_activity", "payout_stress"), "give it a screen: without one every account is judged in full by all"


@pytest.mark.parametrize("name", NAMES)
def test_its_screen_reads_nothing_that_is_not_known_before_counterparties_are_asked(name: str) -> None:
    typology: Any = found()[name]
    if hasattr(typology, "screen"):
        rows = anything(5_000, NAMES.index(name), 1)
        screened = typology.screen(rows)
        for field in CLOSER:
            rows.core[field] = 0
        assert (typology.screen(rows) == screened).all()
