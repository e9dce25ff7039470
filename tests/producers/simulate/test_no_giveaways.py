"""Nothing but behaviour tells a scheme: no reference, order, field or word is a scheme's alone, and single rows tell little.

Account level, over 100 schemes among about 1,700 persons and companies with at least 15 movements. A guess scores 0.5 with a
standard error of about 0.03.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from producers.simulate import books, render
from producers.simulate.city import City, Settings, build
from producers.simulate.institutions import BANKS
from producers.simulate.patterns import SCHEME, patterns
from producers.simulate.sides import Sides
from producers.simulate.town import COMPANY, PERSON

LEAST_MOVEMENTS: Final = 15
CHANCE: Final = 0.62
"""Bound for what must tell nothing: chance and four standard errors."""

SINGLE_ROW: Final = 0.85
"""Bound for one row of each account: schemes do more transfers with persons and round sums than others, and no more."""


LEAST_ELSEWHERE: Final = 5
"""How often, at least, others use a word that schemes use as often: claims and surrenders are rare for everybody."""


ONCE_OR_TWICE: Final = 2
"""Organisers live ordinary lives too, and something rare may happen to them alone."""


class Judged:
    """The accounts to be told apart, one row of each drawn at random, and which are schemes."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.movements = render.movements(city)
        self.sides = Sides(city)
        fund_raising = {pattern.NAME for pattern in patterns(SCHEME)}
        self.schemes = {one.account for one in city.labels if one.pattern in fund_raising}
        town, count = city.town, len(city.town)
        counts = np.bincount(self.sides.account, minlength=count)
        alike = {one.account for one in city.labels} - self.schemes
        self.profiles = books.profiles(city)
        self.pool = np.array(
            [
                k
                for k in range(count)
                if counts[k] >= LEAST_MOVEMENTS
                and k not in alike
                and town.kind[k] in (PERSON, COMPANY)
                and town.institution[k] in BANKS
                and town.licence[k] is None
            ]
        )
        self.is_scheme = np.isin(self.pool, list(self.schemes))
        shuffled = np.random.default_rng(0).permutation(len(self.sides.account))
        row = np.zeros(count, np.int64)
        row[self.sides.account[shuffled]] = shuffled
        self.row = row[self.pool]
        first = np.full(count, len(shuffled))
        np.minimum.at(first, self.sides.account, np.arange(len(shuffled)))
        self.first = first[self.pool]

    def auc(self, features: Any, among: Any = None) -> float:
        """The better of a line and a small tree, on accounts that it did not learn from; ``among`` is a mask of the pool."""
        folds = StratifiedKFold(4, shuffle=True, random_state=0)
        line = make_pipeline(StandardScaler(), RidgeClassifier(class_weight="balanced"))
        tree = DecisionTreeClassifier(max_depth=4, class_weight="balanced", random_state=0)
        truth = self.is_scheme
        if among is not None:
            features, truth = features[among], truth[among]
        scores = [
            cross_val_predict(line, features, truth, cv=folds, method="decision_function"),
            cross_val_predict(tree, features, truth, cv=folds, method="predict_proba")[:, 1],
        ]
        return max(float(roc_auc_score(truth, score)) for score in scores)


@pytest.fixture(scope="module")
def judged() -> Judged:
    return Judged(build(Settings(days=60, accounts=3000, schemes=40, seed=3)))


def _characters(texts: list[str], places: int) -> Any:
    return np.array([[*map(ord, text[:places].ljust(places)), len(text)] for text in texts], np.float64)


def test_there_are_enough_schemes_to_judge(judged: Judged) -> None:
    assert judged.is_scheme.sum() >= 90
    assert len(judged.pool) > 1000


def test_references_and_pseudonyms_tell_nothing(judged: Judged) -> None:
    town = judged.city.town
    accounts, holders = town.account_ids(), town.customer_ids()
    events = judged.movements["event_id"].take(judged.row).to_pylist()
    features = [
        _characters([accounts[k] for k in judged.pool], 28),
        _characters([holders[town.customer[k]] for k in judged.pool], 28),
        _characters(events, 18),
    ]
    assert judged.auc(np.hstack(features)) < CHANCE


def test_place_in_the_files_tells_nothing(judged: Judged) -> None:
    """Of accounts older than the files: when a young account's rows begin is behaviour, and others open meanwhile too."""
    old = np.array(judged.city.town.opened)[judged.pool] < judged.city.town.first_day
    in_profiles = {account: place for place, account in enumerate(judged.profiles["account_id"].to_pylist())}
    ids = judged.city.town.account_ids()
    places = np.array([[in_profiles[ids[k]], first] for k, first in zip(judged.pool, judged.first, strict=True)], np.float64)
    assert judged.auc(places, among=old) < CHANCE


def _given(judged: Judged, rows: Any) -> Any:
    return np.stack([np.asarray(judged.movements[name].take(rows).is_valid()) for name in judged.movements.column_names], axis=1)


def test_a_single_row_tells_little(judged: Judged) -> None:
    t, row = judged.city.transfers, judged.row
    transfer = judged.sides.transfer[row]
    amount, ms = t["amount"][transfer], t["ms"][transfer]
    features = [
        np.log(amount)[:, None],
        np.stack([amount % unit == 0 for unit in (100, 10_000, 50_000, 100_000, 1_000_000)], axis=1),
        np.stack([(ms // 3_600_000 + 8) % 24, ms // 1000 % 60, ms % 1000, judged.sides.credit[row]], axis=1),
        np.eye(16)[t["kind"][transfer]],
        np.eye(16)[t["channel"][transfer]],
        np.eye(len(judged.city.flows.remarks.texts))[t["remark"][transfer]],
        _given(judged, row),
    ]
    assert judged.auc(np.hstack(features).astype(np.float64)) < SINGLE_ROW


def _texts(judged: Judged, name: str) -> Any:
    """A column; what customers write, whichever field their institution puts it in."""
    column = judged.movements[name]
    return (pc.coalesce(column, judged.movements["purpose"]) if name == "remark" else column).to_numpy()


def _seen(judged: Judged, *, schemes: bool) -> Any:
    """Mask of movements on a scheme's account, or of those that no scheme has a side in."""
    mine, other = (np.isin(side, list(judged.schemes)) for side in (judged.sides.account, judged.sides.other))
    return mine if schemes else ~mine & ~(other & judged.sides.somebody)


def test_which_fields_are_given_follows_from_the_institution_and_the_other_side_alone(judged: Judged) -> None:
    """Of each kind of counterparty at each bank, a scheme's rows have no set of fields that ordinary rows have not."""
    sides, town = judged.sides, judged.city.town
    given = _given(judged, pa.array(np.arange(judged.movements.num_rows)))
    names = judged.movements.column_names
    told = [names.index(name) for name in names if name not in ("remark", "purpose", "batch_code")]
    key = np.column_stack(
        [
            sides.institution,
            np.array(town.kind)[sides.other],
            sides.somebody,
            sides.on_us,
            given[:, told] @ (1 << np.arange(len(told))),
        ]
    )
    scheme, ordinary = (Counter(map(tuple, key[_seen(judged, schemes=one)].tolist())) for one in (True, False))
    assert {one for one, count in scheme.items() if count > ONCE_OR_TWICE} <= set(ordinary)
    assert len(ordinary) > 40


@pytest.mark.parametrize("column", ["remark", "kind", "channel", "batch_code", "branch_region", "counterparty_kind"])
def test_no_word_is_a_schemes_alone(judged: Judged, column: str) -> None:
    values = _texts(judged, column)
    mine, others = values[_seen(judged, schemes=True)], values[_seen(judged, schemes=False)]
    common, ours = (Counter(some[some != None].tolist()) for some in (others, mine))  # noqa: E711  elementwise
    rare = {word for word, count in ours.items() if count >= LEAST_ELSEWHERE and common[word] < LEAST_ELSEWHERE}
    assert rare == set()


HOLDER = ["industry", "occupation", "holder_kind", "account_type", "branch_region", "institution_code", "registered_capital"]


@pytest.mark.parametrize("column", [*HOLDER, "business_scope", "holder_name_class"])
def test_no_holder_is_described_as_only_schemes_are(judged: Judged, column: str) -> None:
    values = judged.profiles[column].to_pylist()
    ids = set(np.array(judged.city.town.account_ids())[list(judged.schemes)])
    accounts = judged.profiles["account_id"].to_pylist()
    of_schemes = Counter(value for value, account in zip(values, accounts, strict=True) if account in ids)
    of_others = Counter(value for value, account in zip(values, accounts, strict=True) if account not in ids)
    assert {value for value, count in of_schemes.items() if count >= 3 > of_others[value]} == set()


def test_ordinary_people_pay_round_sums_and_write_of_investments_too(judged: Judged) -> None:
    t = judged.city.transfers
    ordinary = ~np.isin(t["payer"], list(judged.schemes)) & ~np.isin(t["payee"], list(judged.schemes)) & (t["kind"] == 0)
    round_sums = (t["amount"] % 50_000 == 0) & ordinary
    texts = np.array(judged.city.flows.remarks.texts)[t["remark"]]
    words = np.isin(texts, ["投资", "投资款", "利息", "理财", "借款", "入股", "认购", "复投", "分红", "本息"]) & ordinary
    assert round_sums.sum() > 3_000
    assert words.sum() > 300
