"""A day's clusters against the open schemes: which one goes on in which, what opens, merges, changes and closes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from contract.flag import Engine, Flag
from contract.scheme import MERGED, NO_FINDING, Scheme, encode
from contract.shanghai import date_of
from detector.catalogue import DecisionRules
from detector.decision import CATEGORY_NAMES, OBSERVE
from detector.schemes.flows import Flows
from detector.schemes.group_findings import GroupRules
from detector.schemes.judging import Judged, judged
from detector.schemes.linking import links_of
from detector.schemes.member_flags import LEFT, category_of_member, member_flag
from detector.schemes.picture import Picture
from detector.schemes.pruning import Part
from detector.schemes.record import scheme_of
from detector.schemes.returns import Returns
from detector.schemes.roles import Own, own_of, roles_of
from detector.schemes.scheme_book import HISTORY_DAYS, AccountKey, Membership, OpenScheme, SchemeBook
from detector.schemes.totals import day_of_figures, severity_of, stage_of

Revision = Scheme | Flag
LOOK_AGAIN_DAYS: Final = 7
_RANK: Final = {name: code for code, name in enumerate(CATEGORY_NAMES)}


class Following:
    """Follows schemes from day to day; ``book`` is all that it remembers."""

    def __init__(self, rules: DecisionRules, group_rules: GroupRules, engine: Engine, book: SchemeBook | None = None) -> None:
        self._rules = rules
        self._group_rules = group_rules
        self._engine = engine
        self.book = book or SchemeBook()

    def known(self, picture: Picture, circles: list[Any], day: int) -> list[Any]:
        """Accounts (numbers in the picture) of each open scheme that is looked at on ``day``, oldest scheme first.

        That is one of whose holders anything new was told, or that one of the day's circles touches; and each once a week,
        as what stops says nothing.
        """
        met = np.zeros(len(picture.accounts), np.bool_)
        for circle in circles:
            met[circle] = True
        found = []
        for scheme in self._by_age():
            numbers = _numbers(picture, scheme)
            new = met[numbers].any() or picture.fresh_node[picture.node[numbers]].any()
            if new or (day - scheme.opened_on) % LOOK_AGAIN_DAYS == 0:
                found.append(numbers)
        return found

    def follow(
        self, picture: Picture, flows: Flows, returns: Returns, clusters: list[Part], day: int, w10: int
    ) -> Iterator[Revision]:
        """Revisions of the day, schemes in order of age and then of their first account."""
        heirs = self._heirs(picture, clusters)
        for part, names in heirs:
            found = judged(picture, part, day, w10, self._group_rules)
            scheme = self.book.open[names[0]] if names else self._opened(picture, found, day)
            if scheme is None:
                continue
            for name in names[1:]:
                yield from self._merged(self.book.open.pop(name), scheme, picture, day, w10)
            yield from self._go_on(scheme, picture, flows, returns, found, day, w10)
        still = {names[0] for _, names in heirs if names}
        for scheme in self._by_age():
            if scheme.scheme_id not in still and day - scheme.found_on > self._rules.close_after_days:
                yield from self._closed(scheme, picture, flows, returns, day, w10)

    def _by_age(self) -> list[OpenScheme]:
        return sorted(self.book.open.values(), key=lambda one: (one.opened_on, one.scheme_id))

    def _heirs(self, picture: Picture, clusters: list[Part]) -> list[tuple[Part, list[str]]]:
        """Each cluster with the open schemes that go on in it, oldest first: each goes on where most of its money was taken."""
        claims: dict[int, list[str]] = {k: [] for k in range(len(clusters))}
        for scheme in self._by_age():
            numbers = _numbers(picture, scheme)
            common = [numbers[np.isin(numbers, part.accounts)] for part in clusters]
            overlap = [(float(picture.account_in[one].sum()), len(one), -k) for k, one in enumerate(common) if len(one)]
            if overlap:
                claims[-max(overlap)[2]].append(scheme.scheme_id)
        order = {scheme.scheme_id: k for k, scheme in enumerate(self._by_age())}
        pairs = [(part, claims[k]) for k, part in enumerate(clusters)]
        return sorted(pairs, key=lambda one: (order[one[1][0]] if one[1] else len(order), one[0].accounts.tolist()))

    def _opened(self, picture: Picture, found: Judged, day: int) -> OpenScheme | None:
        """A new scheme where the cluster's category is one; it does not stand in the book before its first revision."""
        if found.category < OBSERVE:
            return None
        accounts = [picture.accounts[a] for a in found.part.accounts.tolist()]
        first = min(accounts, key=lambda one: (one.first_ms, one.institution_code, one.account_id))
        opening = f"{first.institution_code}|{first.account_id}|{date_of(day).isoformat()}"
        ordinal = self.book.used.get(opening, 0) + 1
        self.book.used[opening] = ordinal
        name = base64.b32encode(hashlib.sha256(f"{opening}|{ordinal}".encode()).digest()).decode()[:26]
        scheme = OpenScheme(name, 0, day, found.category, None, "growing", found.findings, day, {})
        self.book.open[name] = scheme
        return scheme

    def _go_on(
        self, scheme: OpenScheme, picture: Picture, flows: Flows, returns: Returns, found: Judged, day: int, w10: int
    ) -> Iterator[Revision]:
        """One day in an open scheme's life, or its first."""
        left = self._set_members(scheme, picture, found, day)
        whole = self._whole(scheme, picture, found, day, w10)
        scheme.category = max(scheme.category, whole.category)
        scheme.findings = whole.findings or scheme.findings
        if whole.findings and picture.fresh[whole.part.accounts].any():
            scheme.found_on = day
        scheme.severity = severity_of(whole)
        scheme.history = [*(one for one in scheme.history if one.day > day - HISTORY_DAYS), day_of_figures(whole, day)]
        scheme.stage = stage_of(whole.measures, scheme.history)
        own = own_of(picture, whole)
        yield from self._say(scheme, picture, flows, returns, whole, own, day)
        yield from self._flags(scheme, picture, whole, own, left, day)

    def _set_members(self, scheme: OpenScheme, picture: Picture, found: Judged, day: int) -> list[AccountKey]:
        """Take in who takes part and let go who has not for some weeks; gives those who leave."""
        for a, roles in zip(found.part.accounts.tolist(), roles_of(picture, found), strict=True):
            key = _key(picture, a)
            member = scheme.members.setdefault(key, Membership(day, day, roles))
            member.taking_part_on, member.roles = day, roles
        left = [key for key, one in scheme.members.items() if day - one.taking_part_on > self._rules.keep_finding_days]
        for key in left:
            del scheme.members[key]
        return sorted(left)

    def _whole(self, scheme: OpenScheme, picture: Picture, found: Judged, day: int, w10: int) -> Judged:
        """The judgement over all members, those who did not take part today included."""
        accounts = _numbers(picture, scheme)
        if len(accounts) == len(found.part.accounts):
            return found
        here = np.searchsorted(accounts, found.part.accounts)

        def spread(column: Any) -> Any:
            wide = np.zeros(len(accounts), np.bool_)
            wide[here] = column
            return wide

        part = found.part
        wide = Part(accounts, *(spread(one) for one in (part.collects, part.pays_out, part.gathers, part.passes_on)))
        return judged(picture, wide, day, w10, self._group_rules)

    def _say(
        self, scheme: OpenScheme, picture: Picture, flows: Flows, returns: Returns, whole: Judged, own: list[Own], day: int
    ) -> Iterator[Scheme]:
        """A revision where anything but the day changed."""
        links = links_of(picture, flows, returns, whole.part.accounts)
        scheme.revision += 1
        record = scheme_of(scheme, picture, whole, own, links, day, self._engine)
        digest = _digest(record)
        if digest == scheme.told:
            scheme.revision -= 1
            return
        scheme.told = digest
        yield record

    def _flags(
        self, scheme: OpenScheme, picture: Picture, whole: Judged, own: list[Own], left: list[AccountKey], day: int
    ) -> Iterator[Flag]:
        """Revisions of members' flags: of those whose own flag says less than the scheme."""
        for a, figures in zip(whole.part.accounts.tolist(), own, strict=True):
            account, key = picture.accounts[a], _key(picture, a)
            roles = scheme.members[key].roles
            category = category_of_member(scheme, roles, figures, account.credited)
            if key in scheme.flags or (roles != ["linked"] and _RANK[account.category or "none"] < category):
                flag = member_flag(scheme, account, roles, figures, day, self._engine)
                if flag is not None:
                    yield flag
        for key in left:
            if key in scheme.flags:
                flag = member_flag(scheme, picture.told[key], ["linked"], Own(0, 0, 0, 0, 0), day, self._engine, LEFT)
                if flag is not None:
                    yield flag

    def _merged(self, scheme: OpenScheme, into: OpenScheme, picture: Picture, day: int, w10: int) -> Iterator[Revision]:
        """Close a scheme that goes on in an older one, which takes its members and their flags."""
        for key, member in scheme.members.items():
            into.members.setdefault(key, member)
        yield from self._last(scheme, picture, None, None, day, w10, MERGED, into.scheme_id)

    def _closed(
        self, scheme: OpenScheme, picture: Picture, flows: Flows, returns: Returns, day: int, w10: int
    ) -> Iterator[Revision]:
        del self.book.open[scheme.scheme_id]
        yield from self._last(scheme, picture, flows, returns, day, w10, NO_FINDING, None)

    def _last(
        self,
        scheme: OpenScheme,
        picture: Picture,
        flows: Flows | None,
        returns: Returns | None,
        day: int,
        w10: int,
        because: str,
        into: str | None,
    ) -> Iterator[Revision]:
        """The closing revisions of a scheme and of its members' flags."""
        accounts = _numbers(picture, scheme)
        nobody = np.zeros(len(accounts), np.bool_)
        whole = judged(picture, Part(accounts, nobody, nobody, nobody, nobody), day, w10, self._group_rules)
        own = own_of(picture, whole)
        links = links_of(picture, flows, returns, accounts) if flows is not None and returns is not None else []
        scheme.revision += 1
        yield scheme_of(scheme, picture, whole, own, links, day, self._engine, because, into)
        for a, figures in zip(accounts.tolist(), own, strict=True):
            account, key = picture.accounts[a], _key(picture, a)
            if key in scheme.flags:
                flag = member_flag(scheme, account, scheme.members[key].roles, figures, day, self._engine, because)
                if flag is not None:
                    yield flag


def _key(picture: Picture, a: int) -> AccountKey:
    one = picture.accounts[a]
    return (one.institution_code, one.account_id)


def _numbers(picture: Picture, scheme: OpenScheme) -> Any:
    return np.array(sorted(picture.number[key] for key in scheme.members), np.int64)


def _digest(record: Scheme) -> bytes:
    """All that a revision says but when and which one it is."""
    still = Scheme(
        **{name: getattr(record, name) for name in record.__struct_fields__} | {"revision": 0, "updated_at": "", "lines": []}
    )
    return hashlib.sha256(encode(still)).digest()
