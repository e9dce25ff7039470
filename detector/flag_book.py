"""The shard's open flags: when one opens, what a new revision says, when it closes (contract §3)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from contract.flag import Engine, Finding, Flag
from contract.movement import HOLDER_KINDS, INSTITUTION_TYPES
from contract.shanghai import text_ms
from detector.catalogue import DecisionRules
from detector.decision import CATEGORY_NAMES, ILLEGAL, as_counted, category_of, score_of
from detector.features.memory import text_of

NO_FINDING: Final = "no_finding"
CLEARED: Final = "cleared"
"""Closed because the watch list cleared those without whom the account would not be flagged so."""


class Holder(msgspec.Struct, frozen=True):
    """Who and where an account is, as a flag names it."""

    institution_type: str
    account_id: str
    customer_id: str | None
    branch_region: str
    subject_region: str | None
    holder_kind: str | None


class Judgement(msgspec.Struct, frozen=True):
    """One account at one moment, decided: what the book needs to open, revise or close."""

    row: int
    day: int
    moment_ms: int
    moved: bool  # the account moved on that day and the day is over
    category: int
    inside: float  # place inside a band, [0, 1]
    severity: str
    measures: dict[str, int | float | str | None]
    model_scores: dict[str, float]
    not_evaluable: list[str]
    first_ms: int
    last_ms: int
    suppressed: frozenset[str] = frozenset()  # typologies whose family does not count for the account today
    ended: frozenset[str] = frozenset()  # typologies whose finding does not stay: what made it was taken back
    tags: list[str] = []
    most: int = ILLEGAL  # highest category that the account can have


class Outline(NamedTuple):
    """What of a finding decides a category; most judgements ask for no more."""

    typology: str
    family: str
    strength: float


class OpenFlag(msgspec.Struct):
    """An open flag's state between revisions."""

    flag_id: str
    revision: int
    category: int
    severity: str | None
    opened_at: str
    findings: dict[str, Finding]
    fired_on: dict[str, int]
    revised_on: int
    measures: dict[str, int | float | str | None]


class Book(msgspec.Struct):
    """All that must survive of flags: open ones by account row, and how many each account has had."""

    open: dict[int, OpenFlag] = {}
    ordinals: dict[int, int] = {}
    structure_since: dict[int, tuple[int, int]] = {}
    quiet: dict[int, int] = {}
    """Accounts to look at again should they fall silent, with the day on which they last gave reason to."""


def holder_of(memory: Any, row: int, core: Any) -> Holder:
    """Names and places of account ``row`` as ``core`` has them: its evaluation row, or the account's row itself.

    An evaluation row tells what was known at its moment; what later movements of the batch said must not be read.
    """
    account, kind = memory.accounts[row], int(core["holder_kind"])
    return Holder(
        institution_type=INSTITUTION_TYPES[int(core["institution_type"]) - 1] if core["institution_type"] else "",
        account_id=text_of(memory, account["id_at"], account["id_len"]),
        customer_id=text_of(memory, int(core["customer_at"]), int(core["customer_len"])) or None,
        branch_region=f"{int(core['region']):06d}",
        subject_region=f"{int(core['subject_region']):06d}" if core["subject_region"] else None,
        holder_kind=HOLDER_KINDS[kind - 1] if kind else None,
    )


def flag_id(*parts: str) -> str:
    """26 characters of base32 over SHA-256 of the parts joined by ``|``."""
    return base64.b32encode(hashlib.sha256("|".join(parts).encode()).digest()).decode()[:26]


def _today(finding: Finding, judged: Judgement) -> Finding:
    """A finding of the last weeks as it counts today: not at all where a licence, say, has come since."""
    return msgspec.structs.replace(finding, strength=0.0) if finding.typology in judged.suppressed else finding


class FlagBook:
    """Opens, revises and closes the flags of one shard.

    A new revision is made when category, severity or the set of findings changes, or once a day where the account
    moved and measures moved; never for the score alone. A finding stays for ``keep_finding_days`` after it last
    fired; the flag closes after ``close_after_days`` without any.
    """

    def __init__(self, institution: str, engine: Engine, rules: DecisionRules, book: Book | None = None) -> None:
        self._institution = institution
        self._engine = engine
        self._rules = rules
        self.book = book or Book()
        self.again: list[int] = []
        """Accounts whose flag was closed before its time, to be judged once more at the same turn."""

    def persists(self, row: int, day: int, fired: bool) -> bool:
        """Whether a structure finding has lasted long enough to be looked at alone (regulation §2.4)."""
        since = self.book.structure_since.get(row)
        if not fired:
            if since is not None and day - since[1] > self._rules.keep_finding_days:
                del self.book.structure_since[row]
            return False
        first = day if since is None or day - since[1] > self._rules.keep_finding_days else since[0]
        self.book.structure_since[row] = (first, max(day, since[1] if since else day))
        return day - first >= self._rules.persisting_days

    def judge(
        self,
        judged: Judgement,
        fired: list[str],
        holder: Callable[[], Holder],
        say: Callable[[str], Finding],
        newest_event: Callable[[], str],
        outline: Callable[[str], Outline] | None = None,
    ) -> Flag | None:
        """The revision that this judgement makes, if any.

        ``say`` gives the finding of a fired typology's key, ``outline`` what of it decides: most judgements make no
        revision, so they need no sentences and no evidence.
        """
        flag = self.book.open.get(judged.row)
        if flag is None:
            return self._opened(judged, fired, holder(), say, newest_event()) if judged.category else None
        shown = set(flag.findings)
        if judged.ended & shown and self._falls(flag, judged):
            del self.book.open[judged.row]
            self.again.append(judged.row)
            return self._revised(flag, judged, holder(), closed_because=CLEARED)
        for key in fired:
            if key not in judged.suppressed or key not in flag.fired_on:
                flag.fired_on[key] = max(judged.day, flag.fired_on.get(key, judged.day))
        last = max(flag.fired_on.values())
        if judged.day - last > self._rules.close_after_days:
            del self.book.open[judged.row]
            return self._revised(flag, judged, holder(), closed_because=NO_FINDING)
        # Only what is shown can be kept: a late movement is judged as of a day on which what was dropped since still stood.
        keep = self._rules.keep_finding_days
        kept = {key for key, day in flag.fired_on.items() if key in fired or (key in shown and judged.day - day <= keep)}
        if not kept:
            # Of those shown: one that was dropped may have fired later than a suppressed one that still stands.
            newest = max(flag.fired_on[key] for key in shown)
            kept = {key for key in shown if flag.fired_on[key] == newest}
        drawn = {key: (outline or say)(key) if key in fired else _today(flag.findings[key], judged) for key in sorted(kept)}
        category = max(flag.category, min(max(judged.category, category_of(drawn.values())), judged.most))
        severity = judged.severity if category == ILLEGAL else None
        same = kept == shown and category == flag.category and severity == flag.severity
        if same and not (judged.moved and judged.day > flag.revised_on and judged.measures != flag.measures):
            return None
        flag.findings = {key: say(key) if key in fired else _today(flag.findings[key], judged) for key in drawn}
        flag.category = category
        flag.severity = severity
        flag.revised_on = judged.day
        flag.measures = judged.measures
        return self._revised(flag, judged, holder())

    def _falls(self, flag: OpenFlag, judged: Judgement) -> bool:
        """Take ended findings off the flag; whether it would not stand where it does without them."""
        before = category_of(flag.findings.values())
        for key in judged.ended & flag.findings.keys():
            del flag.findings[key], flag.fired_on[key]
        if not flag.findings:
            return True
        left = max(judged.category, category_of(_today(finding, judged) for finding in flag.findings.values()))
        return left < flag.category <= before

    def _opened(
        self, judged: Judgement, fired: list[str], holder: Holder, say: Callable[[str], Finding], newest_event: str
    ) -> Flag:
        ordinal = self.book.ordinals.get(judged.row, 0) + 1
        self.book.ordinals[judged.row] = ordinal
        flag = self.book.open[judged.row] = OpenFlag(
            flag_id=flag_id(self._institution, holder.account_id, "account", str(ordinal), newest_event),
            revision=0,
            category=judged.category,
            severity=judged.severity if judged.category == ILLEGAL else None,
            opened_at=text_ms(judged.moment_ms),
            findings={key: say(key) for key in sorted(fired)},
            fired_on=dict.fromkeys(fired, judged.day),
            revised_on=judged.day,
            measures=judged.measures,
        )
        return self._revised(flag, judged, holder)

    def _revised(self, flag: OpenFlag, judged: Judgement, holder: Holder, *, closed_because: str | None = None) -> Flag:
        flag.revision += 1
        moment = text_ms(judged.moment_ms)
        return Flag(
            flag_id=flag.flag_id,
            revision=flag.revision,
            status="closed" if closed_because else "open",
            account_id=holder.account_id,
            customer_id=holder.customer_id,
            institution_code=self._institution,
            institution_type=holder.institution_type,
            branch_region=holder.branch_region,
            subject_region=holder.subject_region,
            holder_kind=holder.holder_kind,
            category=CATEGORY_NAMES[flag.category],
            score=round(score_of(flag.category, judged.inside), 1),
            severity=flag.severity,
            tags=judged.tags,
            findings=as_counted(sorted(flag.findings.values(), key=lambda finding: (-finding.strength, finding.typology))),
            measures=judged.measures,
            model_scores=judged.model_scores,
            not_evaluable=judged.not_evaluable,
            opened_at=flag.opened_at,
            updated_at=moment,
            closed_at=moment if closed_because else None,
            closed_because=closed_because,
            due_on=None,
            first_movement_at=text_ms(judged.first_ms),
            last_movement_at=text_ms(judged.last_ms),
            scheme_id=None,
            engine=self._engine,
        )
