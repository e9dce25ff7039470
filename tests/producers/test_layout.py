"""Mapping files: what they say is done, and what is wrong in them is said in one line that names the key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contract.errors import ConfigurationError
from contract.pseudonyms import Pseudonymiser
from contract.stream import Counted, Movements, Refused
from producers.files import read_files
from producers.layout import read_layout

MAPPINGS = Path(__file__).parents[2] / "docs" / "mappings"
CONSTANTS = """
[constants]
institution_code = "B1"
institution_type = "bank"
branch_region = "341302"
currency = "CNY"
"""
BANK = (
    CONSTANTS
    + """
[columns]
event_id = "REF"
account_id = "ACCT"
amount = "AMT"
occurred_at = { column = "TIME", format = "%Y%m%d%H%M%S", zone = "Asia/Shanghai" }
direction = { column = "DC", values = { C = "credit", D = "debit" } }
"""
)
SIDED = (
    CONSTANTS
    + """
[columns]
event_id = "id"
amount = "amount"
occurred_at = { column = "ts", unit = "s" }
[two_sided]
payer = "src"
payee = "dst"
external = ["EXT"]
"""
)


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[list[dict[str, Any]], list[tuple[int, str | None, str]]]]:
    def read_(mapping: str, content: str | bytes, name: str = "bank.csv", **options: Any) -> Any:
        described, path = tmp_path / "bank.toml", tmp_path / name
        described.write_text(mapping, encoding="utf-8")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        items = list(read_files([path], mapping=described, partitions=lambda _code: 1, **options))
        rows = [
            {key: value for key, value in row.items() if value is not None} | {"row": int(number)}
            for item in items
            if isinstance(item, Movements)
            for row, number in zip(item.batch.to_pylist(), item.rows, strict=True)
        ]
        return rows, [(one.row, one.field, one.reason.value) for one in items if isinstance(one, Refused)]

    return read_


def test_a_banks_columns_become_ours(read: Any) -> None:
    rows, refused = read(
        BANK,
        "REF,ACCT,AMT,TIME,DC,BRANCH\nT1,a:1,12.5,20260105090000,C,东关\nT2,a:2,7,20260105240000,D,东关\nT3,a:2,7,20260105090001,X,\n",
    )
    [row] = rows
    assert row["occurred_at"].isoformat() == "2026-01-05T01:00:00+00:00"
    assert (row["direction"], row["amount_minor"], row["currency"], row["institution_code"]) == ("credit", 1250, "CNY", "B1")
    assert refused == [(2, "occurred_at", "bad_time"), (3, "direction", "unknown_value")]


@pytest.mark.parametrize(
    ("unit", "value"),
    [("s", "1767574800"), ("ms", "1767574800123"), ("us", "1767574800123456"), ("ns", "1767574800123456789")],
)
def test_times_since_1970_are_read_in_their_unit(read: Any, unit: str, value: str) -> None:
    mapping = BANK.replace('format = "%Y%m%d%H%M%S", zone = "Asia/Shanghai"', f'unit = "{unit}"')
    rows, refused = read(mapping, f"REF,ACCT,AMT,TIME,DC\nT1,a:1,12.5,{value},C\nT2,a:1,1,-5,C\nT3,a:1,1,{'9' * 25},C\n")
    assert rows[0]["occurred_at"].isoformat().startswith("2026-01-05T01:00:00")
    assert refused == [(2, "occurred_at", "bad_time"), (3, "occurred_at", "bad_time")]


def test_a_row_that_names_both_accounts_becomes_two_movements(read: Any) -> None:
    rows, refused = read(SIDED, "id,src,dst,amount,ts\n7,A,B,5.00,1767574800\n8,EXT,B,6,1767574801\n9,A,EXT,x,1767574802\n")
    shown = [(r["event_id"], r["account_id"], r["direction"], r["counterparty_id"], r["amount_minor"], r["row"]) for r in rows]
    assert shown == [
        ("7:d", "A", "debit", "B", 500, 1),
        ("7:c", "B", "credit", "A", 500, 1),
        ("8:c", "B", "credit", "EXT", 600, 2),
    ]
    assert refused == [(3, "amount", "bad_amount")]


def test_numbers_in_clear_become_pseudonyms(read: Any) -> None:
    key = Pseudonymiser(b"0123456789abcdef")
    mapping = BANK.replace('account_id = "ACCT"\n', "") + (
        '[pseudonymise]\naccount_id = "ACCT"\ncustomer_id = { column = "DOC", document_type = "110001" }\n'
    )
    content = "REF,ACCT,AMT,TIME,DC,DOC\nT1,6222 0212,12.5,20260105090000,C,11010519491231002X\n"
    rows, refused = read(mapping, content, pseudonymiser=key)
    assert refused == []
    assert rows[0]["account_id"] == key.account("B1", "62220212")
    assert rows[0]["customer_id"] == key.customer("110001", "11010519491231002x")


def test_pseudonyms_without_a_key_are_refused(read: Any) -> None:
    mapping = BANK.replace('account_id = "ACCT"\n', "") + '[pseudonymise]\naccount_id = "ACCT"\n'
    with pytest.raises(ConfigurationError, match="--pseudonym-key"):
        read(mapping, "REF,ACCT,AMT,TIME,DC\n")


def test_constants_alone_come_on_top_of_our_own_columns(read: Any) -> None:
    rows, refused = read(
        CONSTANTS, "event_id,account_id,amount,occurred_at,direction,note\nE1,a:1,3.20,2026-01-05T09:00:00Z,debit,x\n"
    )
    assert refused == []
    assert (rows[0]["branch_region"], rows[0]["amount_minor"], rows[0]["direction"]) == ("341302", 320, "debit")


def test_a_chinese_encoding_and_another_delimiter_are_read(read: Any) -> None:
    mapping = BANK + 'remark = "摘要"\n[file]\nencoding = "gb18030"\ndelimiter = "|"\n'
    content = 'REF|ACCT|AMT|TIME|DC|摘要\nT1|a:1|12.5|20260105090000|C|"投资款|第三期"\nT2|a:1|1|20260105090000|C|丂\n'
    rows, refused = read(mapping, content.encode("gb18030"))
    assert refused == []
    assert [row["remark"] for row in rows] == ["投资款|第三期", "丂"]


def test_json_numbers_and_typed_parquet_of_a_bank_are_read(read: Any, tmp_path: Path) -> None:
    line = '{"REF": 7, "ACCT": "a:1", "AMT": 12.5, "TIME": 20260105090000, "DC": "C", "X": {"a": [1]}}\n'
    rows, refused = read(BANK, line, name="bank.jsonl")
    assert (rows[0]["event_id"], rows[0]["amount_minor"], refused) == ("7", 1250, [])

    from datetime import datetime
    from decimal import Decimal

    table = pa.table(
        {
            "REF": pa.array([7, 8]),
            "ACCT": ["a:1", "a:2"],
            "AMT": pa.array([Decimal("12.50"), Decimal("-1.00")], pa.decimal128(18, 2)),
            "TIME": pa.array([datetime(2026, 1, 5, 9), datetime(2026, 1, 5, 9)], pa.timestamp("us")),  # noqa: DTZ001
            "DC": ["C", "D"],
        }
    )
    sink = tmp_path / "typed.parquet"
    pq.write_table(table, sink)
    rows, refused = read(BANK.replace('format = "%Y%m%d%H%M%S", ', ""), sink.read_bytes(), name="bank.parquet")
    assert rows[0]["occurred_at"].isoformat() == "2026-01-05T01:00:00+00:00"
    assert (rows[0]["event_id"], rows[0]["amount_minor"]) == ("7", 1250)
    assert refused == [(2, "amount", "bad_amount")]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("[columns", "cannot be read"),
        ("[colums]\na = 'b'", r"mapping has no section \[colums\]"),
        ("columns = 3", r"must be a section \[columns\]"),
        ("[constants]\ncurency = 'CNY'", r"\[constants\] names the unknown field 'curency'"),
        ("[constants]\nbranch_region = 341302", r"\[constants\] branch_region must be a text in quotes"),
        ("[columns]\namout = 'x'", r"\[columns\] names the unknown field 'amout'"),
        ("[columns]\namount = 3", r"\[columns\] amount must be a column name or a table"),
        ("[columns]\namount = { column = 'x', scale = 2 }", r"\[columns\] amount has no setting 'scale'"),
        ("[columns]\noccurred_at = { column = 'x', unit = 'h' }", r"occurred_at unit must be one of s, ms, us, ns"),
        ("[columns]\noccurred_at = { column = 'x', unit = 's', format = '%Y' }", "both unit and format"),
        ("[columns]\noccurred_at = { column = 'x', format = '%Y', zone = 'Mars' }", "zone is no time zone"),
        ("[columns]\ndirection = { column = 'x', values = ['C'] }", "direction values must be a table of texts"),
        ("[columns]\ndirection = { column = 'x', values = { C = 1 } }", "direction values must be a table of texts"),
        ("[two_sided]\npayer = 'a'", r"\[two_sided\] payee must be a text"),
        ("[two_sided]\npayer = 'a'\npayee = 'b'\nexternal = 'E'", "external must be a list"),
        ("[file]\nencoding = 'utf-16'", "encoding must be one that keeps ASCII"),
        ("[file]\nencoding = 'klingon'", "encoding must be one that keeps ASCII"),
        ("[file]\ndelimiter = '||'", "delimiter must be one ASCII character"),
        ("[columns]\nevent_id = 'x'", "mapping gives no 'institution_code'"),
    ],
)
def test_a_wrong_mapping_is_said_in_one_line_that_names_the_key(tmp_path: Path, mapping: str, message: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(mapping, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message) as refused:
        read_layout(path)
    assert "\n" not in str(refused.value)


def test_a_column_that_the_file_lacks_is_named(read: Any) -> None:
    with pytest.raises(ConfigurationError, match="no column 'AMT'"):
        read(BANK, "REF,ACCT,TIME,DC\nT1,a:1,20260105090000,C\n")


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_mappings_that_come_with_the_product_are_sound(path: Path, tmp_path: Path) -> None:
    content = "tx_id,ts,src,dst,amount,currency,tx_type\n0,1704067200,2447,EXT_SINK,369.46,SEK,SPEND\n"
    (tmp_path / "tx.csv").write_text(content)
    items = list(read_files([tmp_path / "tx.csv"], mapping=path, partitions=lambda _code: 1))
    assert [item for item in items if isinstance(item, Refused)] == []
    assert sum(item.rows for item in items if isinstance(item, Counted)) == 1
    [first, *_] = [item.batch.to_pylist() for item in items if isinstance(item, Movements)]
    assert (first[0]["account_id"], first[0]["direction"], first[0]["currency"]) == ("2447", "debit", "CNY")
