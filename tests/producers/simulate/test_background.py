"""Schemes in a third party's set: its transfers stay what they were, and everything around them is as in our own city."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pytest
from click.testing import CliRunner

from contract.errors import ConfigurationError
from contract.shanghai import day_start_ms
from producers.simulate import render
from producers.simulate.background.shape import EXTERNAL, Shape, read_shape
from producers.simulate.city import build, for_background
from producers.simulate.command import simulate
from producers.simulate.flows import daytime
from producers.simulate.town import COMPANY, PERSON, SOLE_TRADER

ACCOUNTS, TRANSFERS, DAYS = 400, 6000, 40
START_S = 1_704_067_200
MAPPING = """
[constants]
institution_code = "THEIRS"
institution_type = "bank"
branch_region = "341302"
currency = "CNY"
[columns]
event_id = "id"
amount = "sum"
occurred_at = { column = "ts", unit = "s" }
[two_sided]
payer = "src"
payee = "dst"
external = ["SHOPS", "WORK"]
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A set of days only, two hubs that a third pays, spending and income from outside, and a label that nobody may read."""
    folder = tmp_path_factory.mktemp("theirs")
    rng = np.random.default_rng(3)
    payer = rng.integers(2, ACCOUNTS, TRANSFERS).astype(object)
    payee = np.where(rng.random(TRANSFERS) < 0.3, rng.integers(0, 2, TRANSFERS), rng.integers(2, ACCOUNTS, TRANSFERS)).astype(
        object
    )
    payee[:500], payer[500:800] = "SHOPS", "WORK"
    payee[payee == payer] = 1
    table = pa.table(
        {
            "id": np.arange(TRANSFERS),
            "ts": START_S + np.sort(rng.integers(0, DAYS, TRANSFERS)) * 86_400,
            "src": payer.astype(str),
            "dst": payee.astype(str),
            "sum": [f"{k}.25" for k in rng.integers(10, 900, TRANSFERS)],
            "is_illicit": rng.integers(0, 2, TRANSFERS),
        }
    )
    csv.write_csv(table, folder / "tx.csv")
    (folder / "mapping.toml").write_text(MAPPING)
    return folder / "tx.csv", folder / "mapping.toml"


@pytest.fixture(scope="module")
def shape(files: tuple[Path, Path]) -> Shape:
    return read_shape(*files)


def test_every_transfer_is_read_once_with_its_sides(shape: Shape) -> None:
    assert len(shape.ms) == TRANSFERS
    assert shape.accounts == ACCOUNTS
    assert (shape.payee == EXTERNAL).sum() == 500
    assert (shape.payer == EXTERNAL).sum() == 300
    assert shape.days == DAYS
    assert shape.by_the_day


def test_their_transfers_stay_and_ours_come_on_top(shape: Shape) -> None:
    city = build(for_background(shape, schemes=0, seed=4, evasive=0.0), shape)
    t = city.transfers
    quarter = t["amount"] % 100 == 25
    planted = np.isin(t["payer"], [k.account for k in city.labels]) | np.isin(t["payee"], [k.account for k in city.labels])
    theirs = quarter & ~planted
    assert theirs.sum() > 0.95 * TRANSFERS
    day = (t["ms"][quarter] - day_start_ms(city.town.first_day)) // 86_400_000
    counted = np.bincount(day, minlength=DAYS)[:DAYS]
    expected = np.bincount((shape.ms - shape.ms.min()) // 86_400_000, minlength=DAYS)
    assert np.abs(counted - expected).sum() < 0.05 * TRANSFERS
    assert abs(int(t["amount"][theirs].sum()) - int(shape.amount.sum())) < 0.05 * shape.amount.sum()


def test_hubs_become_firms_and_the_others_mostly_persons(shape: Shape) -> None:
    city = build(for_background(shape, schemes=0, seed=4, evasive=0.0), shape)
    quarter = city.transfers["amount"] % 100 == 25
    kinds = np.array(city.town.kind)
    often = np.bincount(np.maximum(city.transfers["payee"][quarter], 0), minlength=len(kinds))
    hubs = [k for k in np.argsort(-often) if kinds[k] in (PERSON, COMPANY, SOLE_TRADER)][:2]
    assert {kinds[k] for k in hubs} <= {COMPANY, SOLE_TRADER}
    held = np.unique(city.transfers["payer"][quarter])
    assert 0.75 < (kinds[held[held >= 0]] == PERSON).mean() < 0.95


def test_days_only_are_spread_over_the_day_and_times_are_kept(shape: Shape) -> None:
    for known in (
        shape,
        Shape(shape.accounts, shape.payer, shape.payee, shape.ms + daytime(np.random.default_rng(1), TRANSFERS), shape.amount),
    ):
        city = build(for_background(known, schemes=0, seed=4, evasive=0.0), known)
        quarter = city.transfers["amount"] % 100 == 25
        assert len(np.unique(city.transfers["ms"][quarter] % 3_600_000)) > TRANSFERS // 2
        if not known.by_the_day:
            assert np.isin(known.ms, city.transfers["ms"]).mean() > 0.95


def test_the_label_of_the_set_changes_nothing(files: tuple[Path, Path], shape: Shape, tmp_path: Path) -> None:
    table = csv.read_csv(files[0], convert_options=csv.ConvertOptions(column_types={"src": pa.string(), "dst": pa.string()}))
    csv.write_csv(table.drop_columns(["is_illicit"]), tmp_path / "bare.csv")
    bare = read_shape(tmp_path / "bare.csv", files[1])
    assert all(np.array_equal(getattr(bare, name), getattr(shape, name)) for name in ("payer", "payee", "ms", "amount"))


def test_the_command_plants_schemes_in_it_and_says_so_twice_in_the_same_bytes(files: tuple[Path, Path], tmp_path: Path) -> None:
    told = ["--background", str(files[0]), "--mapping", str(files[1]), "--schemes", "12", "--seed", "2"]
    for name in ("one", "two"):
        result = CliRunner().invoke(simulate, ["--out", str(tmp_path / name), *told], catch_exceptions=False)
        assert result.exit_code == 0
        assert json.loads(result.stdout)["schemes"] == 12
    for name in ("movements.csv", "profiles.csv", "labels.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    schemes = set(csv.read_csv(tmp_path / "one" / "labels.csv")["scheme_id"].to_pylist())
    assert len({one for one in schemes if one}) >= 12


def test_it_is_rendered_by_the_citys_institutions(shape: Shape) -> None:
    movements = render.movements(build(for_background(shape, schemes=2, seed=4, evasive=0.0), shape))
    assert "THEIRS" not in set(movements["institution_code"].to_pylist())
    assert len(set(movements["institution_code"].to_pylist())) >= 6


@pytest.mark.parametrize("option", ["--days", "--accounts"])
def test_what_the_file_decides_cannot_be_asked_for(option: str, files: tuple[Path, Path], tmp_path: Path) -> None:
    told = ["--out", str(tmp_path / "out"), "--background", str(files[0]), "--mapping", str(files[1]), option, "500"]
    with pytest.raises(ConfigurationError, match=option):
        CliRunner().invoke(simulate, told, catch_exceptions=False)
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_absent_unmapped_or_empty_is_refused_in_one_line(files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("id,ts,src,dst,sum\n1,yesterday,2,3,4.25\n")
    for path, mapping in ((tmp_path / "none.csv", files[1]), (files[0], None), (tmp_path / "empty.csv", files[1])):
        with pytest.raises(ConfigurationError, match=r"--background|--mapping") as caught:
            read_shape(path, mapping)
        assert "\n" not in str(caught.value)
