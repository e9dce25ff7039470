"""Whole batches against the contract: which rows go on, why others do not, and what is blanked."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.checks import check_movements, check_profiles
from contract.errors import ContractViolation, Reason
from contract.movement import MOVEMENT, REQUIRED
from contract.profile import PROFILE

RESIDENT = "341302195501010014"
CARD = "6222021234567894"

Row = dict[str, Any]


def table(*rows: Row) -> pa.Table:
    names = {name for row in rows for name in row}
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in sorted(names)})


def test_a_movement_with_every_field_goes_on_as_typed_columns(full_movement: Row) -> None:
    checked = check_movements(table(full_movement))
    assert (checked.rejects, checked.degraded) == ([], {})
    assert checked.good.schema == MOVEMENT
    (found,) = checked.good.to_pylist()
    times = found.pop("occurred_at")
    assert times == datetime.datetime(2026, 3, 1, 1, 30, 0, 123_000, datetime.UTC)
    money = {name: found.pop(f"{name}_minor") for name in ("amount", "cny_amount", "usd_amount", "balance_after")}
    assert money == {"amount": 214050, "cny_amount": 214050, "usd_amount": 30000, "balance_after": -1230}
    assert found == {name: value for name, value in full_movement.items() if name in found}


def test_a_movement_of_required_fields_alone_is_a_transfer_with_all_else_absent(movement: Row) -> None:
    (found,) = check_movements(table(movement)).good.to_pylist()
    assert found["kind"] == "transfer"
    assert {name for name, value in found.items() if value is not None} == {
        *REQUIRED[:7],
        "amount_minor",
        "currency",
        "kind",
    }


REFUSED: dict[str, tuple[Row, Reason, str]] = {
    **{f"no-{name}": ({name: None}, Reason.MISSING_FIELD, name) for name in REQUIRED},
    **{f"empty-{name}": ({name: ""}, Reason.MISSING_FIELD, name) for name in REQUIRED},
    "id-with-space": ({"event_id": "E 1"}, Reason.BAD_ID, "event_id"),
    "id-with-nul": ({"event_id": "E\x001"}, Reason.BAD_ID, "event_id"),
    "id-of-97-characters": ({"account_id": "x" * 97}, Reason.BAD_ID, "account_id"),
    "id-not-ascii": ({"account_id": "账户"}, Reason.BAD_ID, "account_id"),
    "institution-with-dot": ({"institution_code": "C1.2"}, Reason.BAD_INSTITUTION, "institution_code"),
    "institution-of-33-characters": ({"institution_code": "C" * 33}, Reason.BAD_INSTITUTION, "institution_code"),
    "institution-with-line-break": ({"institution_code": "C1\n"}, Reason.BAD_INSTITUTION, "institution_code"),
    "unknown-institution-type": ({"institution_type": "casino"}, Reason.UNKNOWN_VALUE, "institution_type"),
    "unknown-region": ({"branch_region": "999999"}, Reason.UNKNOWN_REGION, "branch_region"),
    "region-of-five-digits": ({"branch_region": "34130"}, Reason.UNKNOWN_REGION, "branch_region"),
    "time-without-zone": ({"occurred_at": "2026-03-01T09:30:00"}, Reason.BAD_TIME, "occurred_at"),
    "no-such-day": ({"occurred_at": "2026-02-29T09:30:00Z"}, Reason.BAD_TIME, "occurred_at"),
    "unknown-direction": ({"direction": "Credit"}, Reason.UNKNOWN_VALUE, "direction"),
    "amount-negative": ({"amount": "-5"}, Reason.BAD_AMOUNT, "amount"),
    "amount-zero": ({"amount": "0.00"}, Reason.BAD_AMOUNT, "amount"),
    "amount-over-precise": ({"amount": "1.005"}, Reason.BAD_AMOUNT, "amount"),
    "amount-full-width": ({"amount": "１２"}, Reason.BAD_AMOUNT, "amount"),
    "amount-with-exponent": ({"amount": "1e3"}, Reason.BAD_AMOUNT, "amount"),
    "amount-with-comma": ({"amount": "12,50"}, Reason.BAD_AMOUNT, "amount"),
    "amount-not-a-number": ({"amount": "NaN"}, Reason.BAD_AMOUNT, "amount"),
    "currency-unknown": ({"currency": "RMB"}, Reason.BAD_CURRENCY, "currency"),
    "currency-in-small-letters": ({"currency": "cny"}, Reason.BAD_CURRENCY, "currency"),
    "customer-that-is-no-id": ({"customer_id": "two words"}, Reason.CUSTOMER_CHANGED, "customer_id"),
    "unknown-kind": ({"kind": "gift"}, Reason.UNKNOWN_VALUE, "kind"),
    "reversal-of-no-id": ({"reversal_of": "二"}, Reason.BAD_ID, "reversal_of"),
    "own-name-no-boolean": ({"own_name": "maybe"}, Reason.UNKNOWN_VALUE, "own_name"),
    **{
        f"resident-number-as-{name}": ({name: RESIDENT}, Reason.IDENTITY_IN_CLEAR, name)
        for name in ("account_id", "customer_id", "counterparty_id", "counterparty_customer_id", "agent_id")
    },
    "card-number": ({"counterparty_id": CARD}, Reason.IDENTITY_IN_CLEAR, "counterparty_id"),
}


@pytest.mark.parametrize(("changes", "reason", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_row_is_refused_with_its_reason_and_the_rest_goes_on(
    movement: Row, changes: Row, reason: Reason, field: str
) -> None:
    checked = check_movements(table(movement, movement | changes, movement | {"event_id": "E3"}))
    assert checked.rejects == [(1, reason, field)]
    assert checked.rows.tolist() == [0, 2]
    assert checked.good.column("event_id").to_pylist() == ["E1", "E3"]
    assert checked.degraded == {}


BLANKED: dict[str, Row] = {
    "counterparty_kind": {"counterparty_kind": "friend"},
    "counterparty_region": {"counterparty_region": "999999"},
    "counterparty_country": {"counterparty_country": "ZZ"},
    "counterparty_birth_year": {"counterparty_birth_year": 1066},
    "counterparty_occupation": {"counterparty_occupation": "poet"},
    "counterparty_id": {"counterparty_id": "two words"},
    "channel": {"channel": "pigeon"},
    "batch_code": {"batch_code": "gift"},
    "purpose": {"purpose": "长" * 257},
    "remark": {"remark": "x" * 257},
    "cny_amount": {"cny_amount": "0"},
    "usd_amount": {"usd_amount": "-1"},
    "balance_after": {"balance_after": "about ten"},
    "device_id": {"device_id": "d\t1"},
    "side": {"side": "hold"},
    "price": {"price": "-1"},
    "policy_issued_on": {"policy_issued_on": "2023-02-29"},
}


@pytest.mark.parametrize(("field", "changes"), BLANKED.items(), ids=BLANKED.keys())
def test_a_bad_optional_value_is_blanked_and_counted(full_movement: Row, field: str, changes: Row) -> None:
    checked = check_movements(table(full_movement, full_movement | changes))
    assert (checked.rejects, checked.degraded) == ([], {field: 1})
    name = f"{field}_minor" if field in ("cny_amount", "usd_amount", "balance_after") else field
    first, second = checked.good.column(name).to_pylist()
    assert first is not None
    assert second is None


def test_a_refused_row_counts_no_blanked_values(full_movement: Row) -> None:
    bad = full_movement | {"amount": "0", "channel": "pigeon"}
    assert check_movements(table(full_movement, bad)).degraded == {}


def test_a_row_is_refused_once_for_the_first_of_its_faults(movement: Row) -> None:
    bad = {**movement, "currency": "RMB", "amount": "-1", "event_id": "E 1"}
    assert check_movements(table(bad)).rejects == [(0, Reason.BAD_ID, "event_id")]


def test_rows_of_another_institution_are_refused_where_one_is_expected(movement: Row) -> None:
    other = movement | {"institution_code": "OTHER"}
    assert check_movements(table(movement, other)).rejects == []
    checked = check_movements(table(movement, other), institution=movement["institution_code"])
    assert checked.rejects == [(1, Reason.INSTITUTION_MISMATCH, "institution_code")]


@pytest.mark.parametrize("region", ["341371", "341302", "340000", "341300"], ids=["park", "county", "province", "city"])
def test_regions_of_every_kind_count(movement: Row, region: str) -> None:
    assert check_movements(table(movement | {"branch_region": region})).rejects == []


def test_texts_lose_control_characters_and_become_composed(movement: Row) -> None:
    rows = [movement | {"remark": text} for text in ("a\x00b\r\n", "e\u0301te", "\x07", "", "普通")]
    checked = check_movements(table(*rows))
    assert checked.good.column("remark").to_pylist() == ["ab", "éte", None, None, "普通"]
    assert checked.degraded == {}


def test_typed_columns_are_taken_as_they_are(movement: Row) -> None:
    words = {name: [value] for name, value in movement.items() if name not in ("amount", "occurred_at")}
    raw = pa.table(
        {
            **words,
            "amount_minor": pa.array([5], pa.int64()),
            "occurred_at": pa.array([1_999_999], pa.timestamp("us", "UTC")),
            "balance_after_minor": pa.array([-7], pa.int64()),
            "own_name": [True],
            "institution_code": pa.array(["C1"]).dictionary_encode(),
            "remark": pa.array(["工资"], pa.large_string()),
        }
    )
    (found,) = check_movements(raw).good.to_pylist()
    assert (found["amount_minor"], found["balance_after_minor"], found["own_name"]) == (5, -7, True)
    assert (found["institution_code"], found["remark"]) == ("C1", "工资")
    assert found["occurred_at"] == datetime.datetime(1970, 1, 1, 0, 0, 1, 999_000, datetime.UTC)


@pytest.mark.parametrize(
    ("unit", "value"),
    [(unit, value) for unit in ("s", "ms", "us", "ns") for value in (-1, -(2**62))]
    + [("s", 2**62), ("ms", 2**62), ("us", 2**62), ("s", 253_402_300_800), ("ms", 253_402_300_800_000)],
)
def test_a_typed_time_outside_the_calendar_is_refused(movement: Row, unit: str, value: int) -> None:
    raw = table(movement).drop_columns(["occurred_at"])
    raw = raw.append_column("occurred_at", pa.array([value], pa.timestamp(unit, "UTC")))
    assert check_movements(raw).rejects == [(0, Reason.BAD_TIME, "occurred_at")]


@pytest.mark.parametrize("minor", [0, -1, 10**15, 2**63 - 1, -(2**63)])
def test_typed_amounts_keep_to_the_range_of_written_ones(movement: Row, minor: int) -> None:
    raw = table(movement).drop_columns(["amount"]).append_column("amount_minor", pa.array([minor], pa.int64()))
    assert check_movements(raw).rejects == [(0, Reason.BAD_AMOUNT, "amount")]


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("occurred_at", pa.array([0], pa.timestamp("ms"))),
        ("amount_minor", pa.array([1], pa.uint64())),
        ("remark", pa.array([1.5])),
        ("account_id", pa.array([b"a"])),
        ("kind", pa.array([True])),
    ],
    ids=["time-without-zone", "unsigned-money", "float-as-text", "bytes-as-id", "boolean-as-word"],
)
def test_a_column_of_another_type_is_a_violation_of_the_whole_table(movement: Row, field: str, column: pa.Array) -> None:
    raw = table({name: value for name, value in movement.items() if name != field})
    with pytest.raises(ContractViolation) as caught:
        check_movements(raw.append_column(field, column))
    assert (caught.value.reason, caught.value.field) == (Reason.WRONG_TYPE, field)


def test_an_empty_table_gives_an_empty_batch() -> None:
    checked = check_movements(pa.table({}))
    assert (checked.good.num_rows, checked.good.schema, checked.rejects) == (0, MOVEMENT, [])


def test_a_profile_with_every_field_goes_on(profile: Row) -> None:
    checked = check_profiles(table(profile))
    assert (checked.rejects, checked.degraded) == ([], {})
    assert checked.good.schema == PROFILE
    (found,) = checked.good.to_pylist()
    assert found["opened_on"] == datetime.date(2020, 1, 31)
    assert found["registered_capital_minor"] == 100_000_000
    assert None not in found.values()


def test_a_profile_needs_its_account_and_institution_alone(profile: Row) -> None:
    bad = {name: "\x01" for name in profile if name not in ("account_id", "institution_code", "institution_type", "birth_year")}
    blanked = check_profiles(table(profile | bad | {"birth_year": 12}))
    assert blanked.rejects == []
    # Texts of control characters alone are absent, not wrong.
    assert blanked.degraded == dict.fromkeys({*bad, "birth_year"} - {"business_scope", "holder_name_class"}, 1)
    for name in ("account_id", "institution_code", "institution_type"):
        assert check_profiles(table(profile | {name: None})).rejects == [(0, Reason.MISSING_FIELD, name)]


def test_typed_dates_outside_the_calendar_are_blanked(profile: Row) -> None:
    raw = table(profile).drop_columns(["opened_on", "closed_on"])
    raw = raw.append_column("opened_on", pa.array([2**31 - 1], pa.int32()).cast(pa.date32()))
    raw = raw.append_column("closed_on", pa.array([20_000], pa.int32()).cast(pa.date32()))
    checked = check_profiles(raw)
    assert checked.degraded == {"opened_on": 1}
    assert checked.good.column("closed_on").to_pylist() == [datetime.date(2024, 10, 4)]


values = st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["", "CNY", "credit", "1.00", "2026-01-01T00:00:00Z"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys([*REQUIRED, "kind", "remark", "own_name"], values)), max_size=6))
def test_every_row_is_either_good_or_refused_once_whatever_it_holds(rows: list[Row]) -> None:
    raw = pa.table(
        {name: pa.array([row[name] for row in rows], pa.string()) for name in [*REQUIRED, "kind", "remark", "own_name"]}
    )
    checked = check_movements(raw)
    assert sorted([*checked.rows.tolist(), *(reject.row for reject in checked.rejects)]) == list(range(len(rows)))
    checked.good.validate(full=True)


@settings(max_examples=20, deadline=None)
@given(cut=st.integers(0, 12), seed=st.integers(0, 2**16))
def test_a_batch_checked_in_parts_gives_the_same_rows(cut: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = {name: [*WORDS_OF[name]] for name in WORDS_OF}
    raw = pa.table({name: pa.array([found[rng.integers(len(found))] for _ in range(12)]) for name, found in words.items()})
    whole = check_movements(raw)
    first, second = check_movements(raw.slice(0, cut)), check_movements(raw.slice(cut))
    assert whole.good.to_pylist() == first.good.to_pylist() + second.good.to_pylist()
    assert whole.rejects == first.rejects + [(row + cut, reason, field) for row, reason, field in second.rejects]


WORDS_OF: dict[str, list[str | None]] = {
    "event_id": ["E1", "E2", "E 3"],
    "institution_code": ["C1"],
    "institution_type": ["bank", "bank", "zoo"],
    "account_id": ["a:1", "a:2", RESIDENT],
    "branch_region": ["341302", "341302", "1"],
    "occurred_at": ["2026-03-01T09:30:00Z", "2026-03-01T09:30:00+08:00", "yesterday"],
    "direction": ["credit", "debit"],
    "amount": ["1", "2.50", None],
    "currency": ["CNY", "USD", "RMB"],
    "remark": ["工资", "a\x00b", None],
}
