"""The region table: what counts as a code, and what lies in what (regulation §5.2)."""

from __future__ import annotations

import pyarrow as pa
import pytest

from contract import regions


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("340000", id="province"),
        pytest.param("341300", id="city"),
        pytest.param("341302", id="district"),
        *[pytest.param(code, id=f"county-{code}") for code in ("341321", "341322", "341323", "341324")],
        *[pytest.param(code, id=f"park-{code}") for code in ("341371", "341372")],
        pytest.param("341402", id="district-of-abolished-chaohu"),
        pytest.param("110103", id="chongwen-abolished-2010"),
        pytest.param("152700", id="league-abolished-2001"),
        pytest.param("419001", id="directly-under-a-province"),
        pytest.param("441900", id="city-without-districts"),
        pytest.param("110100", id="placeholder-of-a-municipality"),
        pytest.param("659012", id="city-of-2023"),
        pytest.param("810000", id="hong-kong"),
    ],
)
def test_codes_in_use_or_abolished_since_2000_are_regions(code: str) -> None:
    assert regions.is_region(pa.array([code])).to_pylist() == [True]
    assert regions.name(code)


@pytest.mark.parametrize(
    "code", ["999999", "000000", "134130", "3413", "34130", "3413020", "341399", "３４１３０２", " 341302", ""]
)
def test_anything_else_is_none(code: str) -> None:
    assert regions.is_region(pa.array([code])).to_pylist() == [False]
    assert regions.name(code) is None


def test_a_missing_code_is_no_region() -> None:
    assert regions.is_region(pa.array([None, "341302"], pa.string())).to_pylist() == [False, True]


@pytest.mark.parametrize(
    ("area", "code", "expected"),
    [
        pytest.param("000000", "341302", True, id="the-country-has-all"),
        pytest.param("000000", "999999", False, id="but-no-unknown-code"),
        pytest.param("340000", "341371", True, id="province-and-park"),
        pytest.param("341300", "341371", True, id="city-and-park"),
        pytest.param("341300", "341300", True, id="itself"),
        pytest.param("341302", "341371", False, id="a-district-has-no-park"),
        pytest.param("341300", "340000", False, id="not-what-it-lies-in"),
        pytest.param("341300", "341202", False, id="another-city"),
        pytest.param("341300", "134130", False, id="digits-in-the-middle"),
        pytest.param("410000", "419001", True, id="province-and-its-county"),
        pytest.param("419000", "419001", False, id="the-placeholder-is-no-city"),
        pytest.param("110000", "110101", True, id="municipality"),
        pytest.param("340000", "341402", True, id="abolished-stays-in-its-province"),
        pytest.param("340100", "341402", False, id="abolished-moves-to-no-other-city"),
    ],
)
def test_an_area_covers_what_lies_in_it_by_the_table(area: str, code: str, expected: bool) -> None:
    assert regions.covers(area, code) is expected
    assert (code in regions.all_within(area)) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("341371", ("341300", "340000", "000000")),
        ("429004", ("420000", "000000")),
        ("469001", ("460000", "000000")),
        ("659001", ("650000", "000000")),
        ("441900", ("440000", "000000")),
        ("110101", ("110100", "110000", "000000")),
        ("340000", ("000000",)),
    ],
)
def test_parents_stand_nearest_first(code: str, expected: tuple[str, ...]) -> None:
    assert regions.parents(code) == expected


def test_every_code_has_its_province_and_a_name_of_its_own() -> None:
    codes = regions.all_within(regions.NATION)
    assert len(codes) > 4_000
    assert all(regions.parents(code)[-1] == regions.NATION for code in codes)
    assert all(regions.name(f"{code[:2]}0000") for code in codes)
    assert sum(code[4] == "7" for code in codes) >= 124
