"""Who is on the list and who is in contact: equal to what plain loops over dicts find."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.hashing import hash64
from contract.watchlist import CLEARED, FOUND, KINDS, WatchEntry
from detector.features import memory as mem
from detector.sides.contacts import CONTACT, changed, contacts_of, of_accounts, with_cleared
from detector.sides.effect import SideEffects
from detector.sides.inputs import Arrived, Positions
from detector.sides.watched import Watched
from tests.detector.listing import SINCE, cleared, found
from tests.detector.shards import feed, movement, new_shard, profile

SUBJECTS = [f"c:{k}" for k in range(6)]
ENTRIES = st.lists(
    st.builds(
        WatchEntry,
        subject=st.sampled_from(SUBJECTS),
        status=st.sampled_from([FOUND, CLEARED]),
        since=st.just(SINCE),
        kind=st.sampled_from(KINDS),
    ),
    max_size=20,
)


def keys(names: list[str]) -> Any:
    return hash64(pa.array(names, pa.string()))


@settings(deadline=None)
@given(entries=ENTRIES, cut=st.integers(0, 20))
def test_the_newest_word_about_a_subject_holds_in_whatever_pieces_the_list_came(entries: list[WatchEntry], cut: int) -> None:
    watched = Watched().after(entries[:cut]).after(entries[cut:])
    newest = {entry.subject: entry for entry in entries}
    expected = [KINDS.index(newest[name].kind) + 1 if name in newest and newest[name].status == FOUND else 0 for name in SUBJECTS]
    assert watched.kind_of(keys(SUBJECTS)).tolist() == expected
    column = np.tile(keys([*SUBJECTS, "a:other"]), 3)
    wanted = [place for place, kind in enumerate(([*expected, 0]) * 3) if kind]
    assert watched.among(column).tolist() == wanted
    assert Watched.restored(watched.state()).kind_of(keys(SUBJECTS)).tolist() == expected


def test_a_long_column_is_sieved_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detector.sides.watched._CHUNK", 7)
    rng = np.random.default_rng(3)
    column = rng.integers(1, 40, 500).astype(np.uint64)
    watched = Watched()
    watched.keys, watched.kinds = np.array([3, 17, 39], np.uint64), np.ones(3, np.int8)
    assert watched.among(column).tolist() == np.flatnonzero(np.isin(column, watched.keys)).tolist()


def test_contacts_are_the_pairs_and_holders_on_the_list() -> None:
    shard = new_shard(profile("a:3", "person", customer_id="c:0"))
    rows = [
        movement("1", "2026-04-01T09:00", 100, account_id="a:1", counterparty_id="c:1"),
        movement("2", "2026-04-01T09:01", 40, account_id="a:1", counterparty_id="c:1", direction="debit"),
        movement("3", "2026-04-01T09:02", 7, account_id="a:1", counterparty_id="c:2"),
        movement("4", "2026-04-01T09:03", 9, account_id="a:2", counterparty_id="c:9"),
        movement("5", "2026-04-01T09:04", 5, account_id="a:3", counterparty_id="c:9", customer_id="c:0"),
        movement("6", "2026-04-01T09:05", 5, account_id="c:2", counterparty_id="c:9"),
    ]
    feed(shard, rows)
    memory = shard._memory  # noqa: SLF001  what the function reads
    watched = Watched().after([found("c:0", "risk_enterprise"), found("c:1"), found("c:2")])
    told, parties = contacts_of(memory, watched, 20_550)
    names = [mem.text_of(memory, a["id_at"], a["id_len"]) for a in memory.accounts[told["account"]]]
    found_of = {
        name: tuple(one[field] for field in ("holder", "parties", "paid_in", "paid_out", "moved"))
        for name, one in zip(names, told, strict=True)
    }
    assert found_of == {"a:1": (0, 2, 10_700, 4_000, 14_700), "a:3": (2, 0, 0, 0, 500), "c:2": (1, 0, 0, 0, 500)}
    assert of_accounts(told, told["account"][::-1])["parties"].tolist() == told["parties"][::-1].tolist()
    assert len(contacts_of(memory, Watched(), 20_550).accounts) == 0
    whom = {
        name: watched.subjects(parties["key"][parties["account"] == row])
        for name, row in zip(names, told["account"], strict=True)
    }
    assert whom == {"a:1": ["c:1", "c:2"], "a:3": ["c:0"], "c:2": ["c:2"]}


def contact(account: int, holder: int = 0, parties: int = 0) -> Any:
    one = np.zeros(1, CONTACT)
    one["account"], one["holder"], one["parties"] = account, holder, parties
    return one


def test_what_changed_is_who_came_went_or_became_another() -> None:
    before = np.concatenate([contact(1, parties=1), contact(2, parties=2), contact(3, holder=1), contact(4, parties=1)])
    after = np.concatenate([contact(1, parties=1), contact(2, parties=1), contact(3, holder=2), contact(5, parties=1)])
    assert changed(before, after).tolist() == [2, 3, 4, 5]
    marked = with_cleared(before, after)
    assert marked["account"].tolist() == [1, 2, 3, 4, 5]
    assert marked["cleared"].tolist() == [0, 0, 0, 1, 0]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000))
def test_effects_are_the_same_after_a_checkpoint(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shard = new_shard()
    feed(shard, [movement(str(k), f"2026-04-01T09:{k:02}", 5, counterparty_id=f"c:{rng.integers(6)}") for k in range(20)])
    memory, plain, broken = shard._memory, SideEffects(), SideEffects()  # noqa: SLF001
    for turn in range(4):
        name = f"c:{rng.integers(6)}"
        entries = [found(name) if rng.random() < 0.6 else cleared(name)] if rng.random() < 0.7 else []
        arrived = Arrived(Positions(turn, 0), entries)
        assert plain.turn(arrived, memory, 20_545 + turn).tolist() == broken.turn(arrived, memory, 20_545 + turn).tolist()
        state, broken = broken.state(), SideEffects()
        broken.restore(state)
        ours, theirs = (one.contacts(np.arange(1, dtype=np.int32)) for one in (plain, broken))
        assert (ours is None) == (theirs is None)
        assert ours is None or (ours == theirs).all()
        assert broken.positions == plain.positions
        assert broken.tags(0) == plain.tags(0)


def test_a_checkpoint_of_before_there_were_side_inputs_has_nothing_in_effect() -> None:
    effects = SideEffects()
    effects.restore({})
    assert effects.positions == Positions()
    assert not effects.moves(Arrived(Positions()))
