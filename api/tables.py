"""The ledger's tables, as the migrations make them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, text

METADATA: Final = MetaData()

OFFICES: Final = Table(
    "offices",
    METADATA,
    Column("office_id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("region", String(6), nullable=False),
    Column("name", String(200), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

KEYS: Final = Table(
    "office_keys",
    METADATA,
    Column("key_id", String(16), primary_key=True),
    Column("office_id", String(64), ForeignKey("offices.office_id"), nullable=False, index=True),
    Column("digest", LargeBinary, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("revoked_ms", BigInteger),
    Column("role", String(16), nullable=False, server_default="viewer"),
    Column("holder", String(64), nullable=False, server_default="office"),
)
"""``holder`` names the person within the office, by a name of the office's own choice."""

LEDGER: Final = Table(
    "ledger",
    METADATA,
    Column("ledger_id", String(32), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("heard_ms", BigInteger, nullable=False),
)
"""One row: this ledger's own name, the last position given out, and when its writer last heard from the log."""

FLAGS: Final = Table(
    "flags",
    METADATA,
    Column("flag_id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("status", String(16), nullable=False),
    Column("ledger_status", String(24), nullable=False),
    Column("joint_status", String(24), nullable=False, server_default="new"),
    Column("case_status", String(24), nullable=False, server_default="new"),
    Column("account_id", String(96), nullable=False),
    Column("customer_id", String(96)),
    Column("institution_code", String(32), nullable=False),
    Column("institution_type", String(16), nullable=False),
    Column("branch_region", String(6), nullable=False),
    Column("subject_region", String(6)),
    Column("category", String(32), nullable=False),
    Column("severity", String(32)),
    Column("score_tenths", Integer, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("scheme_id", String(64)),
    Column("scheme_category", String(32)),
    Column("document", LargeBinary, nullable=False),
    Index("flags_by_account", "institution_code", "account_id"),
    Index("flags_by_pseudonym", "account_id"),
    Index("flags_by_customer", "customer_id"),
    Index("flags_by_scheme", "scheme_id"),
)
"""The newest revision of every flag; ``score_tenths`` is -1 where there is no score.

``scheme_id`` is the scheme that the account is a member of, with the scheme's category beside it so that no office is
told of a scheme that it may not see; the detector's own document has none (``api.ledger.membership``).
The state of the account's ledger entry stands beside it once a track (``api.ledger.tracks``): ``ledger_status`` is the
central bank's.
"""

REVISIONS: Final = Table(
    "flag_revisions",
    METADATA,
    Column("flag_id", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("category", String(32), nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("document", LargeBinary, nullable=False),
)
"""Every revision that came, for good."""

AREAS: Final = Table(
    "flag_areas",
    METADATA,
    Column("flag_id", String(64), ForeignKey("flags.flag_id", ondelete="CASCADE"), primary_key=True),
    Column("area", String(80), primary_key=True),
    Column("category", String(32), nullable=False),
    Column("institution_type", String(16), nullable=False),
    Column("score_tenths", Integer, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False, server_default="0"),
    Index("areas_by_position", "area", "position", "category", "institution_type"),
    Index("areas_by_arrival", "position"),
    Index("areas_by_score", "area", "score_tenths", "flag_id", "category", "institution_type"),
    Index("areas_by_time", "area", "updated_ms", "flag_id", "category", "institution_type"),
    Index("areas_by_category_score", "area", "category", "score_tenths", "flag_id", "institution_type"),
)
"""Every area that a flag's branch or subject lies in, through the region table, with what lists are ordered by.

An office has one area, so its list is one range of an index and no code is ever compared by its first digits. An
account that was referred to the police lies in the area of that office as well (``@`` and its id).
"""

TYPOLOGIES: Final = Table(
    "flag_typologies",
    METADATA,
    Column("flag_id", String(64), ForeignKey("flags.flag_id", ondelete="CASCADE"), primary_key=True),
    Column("typology", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Index("typologies_by_name", "name", "flag_id"),
)
"""Typologies among a flag's findings, as ``name@version`` and as the name alone."""

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("office_id", String(64)),
    Column("holder", String(64)),
    Column("action", String(120), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("audit_by_office", "office_id", "seq"),
)
"""Lines of the audit; the database itself refuses to change or delete one (migration 0002)."""

ENTRIES: Final = Table(
    "entries",
    METADATA,
    Column("entry_id", String(32), primary_key=True),
    Column("track", String(8), nullable=False),
    Column("institution_code", String(32), nullable=False),
    Column("institution_type", String(16), nullable=False),
    Column("account_id", String(96), nullable=False),
    Column("branch_region", String(6), nullable=False),
    Column("subject_region", String(6)),
    Column("status", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("category", String(32), nullable=False),
    Column("severity", String(32)),
    Column("score_tenths", Integer, nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Column("due_day", Integer, nullable=False),
    Column("owner_office", String(64)),
    Column("owner", String(64)),
    Column("next_action", String(200)),
    Column("proposal", LargeBinary),
    Column("evidence", LargeBinary, nullable=False),
    Index("entries_by_account", "account_id", "institution_code", "track", unique=True),
    Index(
        "entries_waiting", "entry_id", sqlite_where=text("proposal IS NOT NULL"), postgresql_where=text("proposal IS NOT NULL")
    ),
)
"""The risk ledger's living rows: one an account and track, and one a scheme and track (``institution_code`` is empty and
``account_id`` the scheme's id there); ``due_day`` is a Shanghai day, ``NEVER_DUE`` where none."""

ENTRY_AREAS: Final = Table(
    "entry_areas",
    METADATA,
    Column("entry_id", String(32), ForeignKey("entries.entry_id", ondelete="CASCADE"), primary_key=True),
    Column("area", String(80), primary_key=True),
    Column("track", String(8), nullable=False),
    Column("institution_type", String(16), nullable=False),
    Column("score_tenths", Integer, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Column("due_day", Integer, nullable=False),
    Index("entries_by_score", "area", "track", "score_tenths", "entry_id", "institution_type"),
    Index("entries_by_change", "area", "track", "changed_ms", "entry_id", "institution_type"),
    Index("entries_by_due", "area", "track", "due_day", "entry_id", "institution_type"),
)
"""Every area that an entry's flags lie in, with what lists are ordered by; as ``flag_areas``."""

HISTORY: Final = Table(
    "entry_history",
    METADATA,
    Column("entry_id", String(32), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),
)
"""Every version of every entry: what happened, by whom and why. The audit holds the digest of each row."""

IDEMPOTENCY: Final = Table(
    "idempotency_keys",
    METADATA,
    Column("owner", String(160), primary_key=True),
    Column("idempotency_key", String(128), primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)
"""What was answered to a request that changed something, for whoever sends it again."""

APPROVALS: Final = Table(
    "approvals",
    METADATA,
    Column("approval_id", String(32), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Index("approvals_by_office", "office_id", "created_ms", "approval_id"),
)

APPROVED_ACCOUNTS: Final = Table(
    "approved_accounts",
    METADATA,
    Column("approval_id", String(32), ForeignKey("approvals.approval_id"), primary_key=True),
    Column("account_id", String(96), primary_key=True),
)
"""The accounts that an approval is bound to."""

APPROVAL_REQUESTS: Final = Table(
    "approval_requests",
    METADATA,
    Column("request_id", String(32), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("account_id", String(96), nullable=False),
    Column("holder", String(64), nullable=False),
    Column("asked_ms", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Index("requests_by_account", "office_id", "account_id", "asked_ms"),
)
"""What people of an office asked an approval for, and whether a supervisor granted it."""

LEADS: Final = Table(
    "leads",
    METADATA,
    Column("lead_id", String(32), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("subject", String(96)),
    Column("document", LargeBinary, nullable=False),
    Column("informant", String(1200)),
    Index("leads_by_office", "office_id", "received_ms", "lead_id"),
    Index("leads_by_subject", "subject"),
)
"""Tip-offs and reports; ``informant`` is sealed and never stands in a list."""

WATCHLIST: Final = Table(
    "watchlist",
    METADATA,
    Column("subject", String(96), primary_key=True),
    Column("status", String(8), nullable=False),
    Column("since", String(10), nullable=False),
    Column("office_id", String(64), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Column("kind", String(24), nullable=False, server_default="confirmed_subject"),
    Index("watchlist_by_change", "changed_ms", "subject"),
)
"""Subjects of administrative findings, by pseudonym: ``FOUND``, or ``CLEARED`` again."""

PASSWORDS: Final = Table(
    "passwords",
    METADATA,
    Column("key_id", String(16), ForeignKey("office_keys.key_id"), primary_key=True),
    Column("digest", String(200), nullable=False),
    Column("set_ms", BigInteger, nullable=False),
)
"""Argon2 digests of passwords, each beside the key that it belongs to and ends with."""

WEBHOOKS: Final = Table(
    "webhooks",
    METADATA,
    Column("hook_id", String(32), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("url", String(500), nullable=False),
    Column("secret", String(200), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("next_ms", BigInteger, nullable=False),
    Column("leased_ms", BigInteger, nullable=False),
    Column("last_error", String(32)),
    Column("delivered_ms", BigInteger),
    Index("webhooks_by_office", "office_id"),
    Index("webhooks_by_time", "next_ms"),
)
"""Where an office is told of news.

``secret`` is sealed, ``position`` is how far it was told, ``leased_ms`` until when a process is at it.
"""

DEAD_LETTERS: Final = Table(
    "webhook_dead_letters",
    METADATA,
    Column("letter_id", String(32), primary_key=True),
    Column("hook_id", String(32), ForeignKey("webhooks.hook_id", ondelete="CASCADE"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("error", String(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("letters_by_hook", "hook_id", "at_ms", "letter_id"),
)
"""Deliveries that were given up after the last try."""
OUTBOX: Final = Table(
    "outbox",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", String(64), nullable=False),
    Column("message_key", String(96), nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("claimed_by", String(32)),
    Column("claimed_ms", BigInteger),
    Column("sent_ms", BigInteger),
    Index("outbox_by_sent", "sent_ms", "seq"),
)
"""Verdicts and watch-list entries for the detector, numbered in the order of commits; kept for good."""

SUPPRESSIONS: Final = Table(
    "suppressions",
    METADATA,
    Column("suppression_id", String(32), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("entry_id", String(32), nullable=False),
    Column("reason", String(1000), nullable=False),
    Column("days", Integer, nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("proposed_ms", BigInteger, nullable=False),
    Column("approved_by", String(64)),
    Column("approved_ms", BigInteger),
    Column("until_day", Integer, nullable=False),
    Column("ended_by", String(64)),
    Column("ended_ms", BigInteger),
    Column("severity", String(32), nullable=False),
    Index("suppressions_by_entry", "entry_id", "office_id"),
    Index("suppressions_by_office", "office_id", "proposed_ms", "suppression_id"),
)
"""Entries that an office hides from its own board; ``severity`` is the entry's when it was approved, empty for none."""

COUNTS: Final = Table(
    "flag_counts",
    METADATA,
    Column("dimension", String(16), primary_key=True),
    Column("area", String(80), primary_key=True),
    Column("category", String(32), primary_key=True),
    Column("institution_type", String(16), primary_key=True),
    Column("value", String(128), primary_key=True),
    Column("n", BigInteger, nullable=False),
)
"""How many flags by area, category, institution type and one thing more, kept by the writer (``api.ledger.counting``)."""

REPORTS: Final = Table(
    "reports",
    METADATA,
    Column("report_id", String(32), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("account_id", String(96), nullable=False),
    Column("institution_code", String(32), nullable=False),
    Column("state", String(24), nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_ms", BigInteger, nullable=False),
    Column("author", String(64), nullable=False),
    Column("addressees", LargeBinary, nullable=False),
    Column("working", LargeBinary, nullable=False),
    Column("sent", LargeBinary),
    Index("reports_by_change", "changed_ms", "report_id"),
    Index("reports_by_office", "office_id", "changed_ms", "report_id"),
)
"""Account reports: ``working`` is what their office writes on, ``sent`` what its addressees have."""

DELIVERIES: Final = Table(
    "report_deliveries",
    METADATA,
    Column("report_id", String(32), ForeignKey("reports.report_id"), primary_key=True),
    Column("office_id", String(64), primary_key=True),
    Column("state", String(24), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("reason", String(1000)),
    Index("deliveries_by_office", "office_id", "report_id"),
)
"""A report at each of its addressees; a draft has none."""

REPORT_HISTORY: Final = Table(
    "report_history",
    METADATA,
    Column("report_id", String(32), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),
)
"""What was done with each report, by whom and why; the audit holds the digest of each line."""

DUES: Final = Table(
    "flag_dues",
    METADATA,
    Column("area", String(80), primary_key=True),
    Column("due_day", Integer, primary_key=True, autoincrement=False),
    Column("flag_id", String(64), ForeignKey("flags.flag_id", ondelete="CASCADE"), primary_key=True),
    Column("institution_type", String(16), nullable=False),
    Index("dues_by_flag", "flag_id"),
)
"""Large-value flags by the day that their report is due, a Shanghai day; once for each area."""

SAVED_FILTERS: Final = Table(
    "saved_filters",
    METADATA,
    Column("office_id", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("query", String(2000), nullable=False),
    Column("holder", String(64), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)
"""Selections of flags that an office gave a name, for all of its people; ``query`` as in the list's address."""

SCHEMES: Final = Table(
    "schemes",
    METADATA,
    Column("scheme_id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("status", String(16), nullable=False),
    Column("category", String(32), nullable=False),
    Column("severity", String(32)),
    Column("stage", String(16), nullable=False),
    Column("score_tenths", Integer, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("lead_region", String(6)),
    Column("merged_into", String(64)),
    Column("document", LargeBinary, nullable=False),
    Index("schemes_by_score", "score_tenths", "scheme_id"),
    Index("schemes_by_time", "updated_ms", "scheme_id"),
)
"""The newest revision of every scheme."""

SCHEME_REVISIONS: Final = Table(
    "scheme_revisions",
    METADATA,
    Column("scheme_id", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("category", String(32), nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("document", LargeBinary, nullable=False),
)
"""Every revision that came, for good."""

SCHEME_SIGHT: Final = Table(
    "scheme_sight",
    METADATA,
    Column("scheme_id", String(64), ForeignKey("schemes.scheme_id", ondelete="CASCADE"), primary_key=True),
    Column("area", String(80), primary_key=True),
    Column("institution_code", String(32), primary_key=True),
    Column("account_id", String(96), primary_key=True),
    Column("institution_type", String(16), nullable=False),
    Column("is_current", Boolean, nullable=False),
    Index("sight_by_area", "area", "scheme_id", "institution_type", "is_current"),
    Index("sight_by_account", "account_id", "institution_code", "area"),
)
"""Every area that a member of a scheme lies in, as ``flag_areas``: an office sees the members of its area. Who has left
the scheme stays, not current, so that its own past revisions can be shown to who saw them."""

SCHEME_PAYERS: Final = Table(
    "scheme_payers",
    METADATA,
    Column("scheme_id", String(64), ForeignKey("schemes.scheme_id", ondelete="CASCADE"), primary_key=True),
    Column("area", String(80), primary_key=True),
    Index("payers_by_area", "area", "scheme_id"),
)
"""Areas with ten of a scheme's payers and more: lead offices there assist, with its aggregates."""

SCHEME_TYPOLOGIES: Final = Table(
    "scheme_typologies",
    METADATA,
    Column("scheme_id", String(64), ForeignKey("schemes.scheme_id", ondelete="CASCADE"), primary_key=True),
    Column("typology", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
)
"""Typologies among a scheme's findings."""

INDUSTRIES: Final = Table(
    "industries",
    METADATA,
    Column("institution_code", String(32), primary_key=True),
    Column("account_id", String(96), primary_key=True),
    Column("division", String(8)),
    Column("asked_ms", BigInteger, nullable=False),
)
"""Two digits of GB/T 4754 of the accounts of the ledger's rows; null where no profile says one, no row before the first look."""

REJECT_COUNTS: Final = Table(
    "reject_counts",
    METADATA,
    Column("institution_code", String(32), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("reason", String(32), primary_key=True),
    Column("field", String(64), primary_key=True),
    Column("n", BigInteger, nullable=False),
)
"""Rejects of an institution by the Shanghai day number of when they were told; ``field`` is empty where none is to blame."""

REJECT_PLACES: Final = Table(
    "reject_places",
    METADATA,
    Column("institution_code", String(32), primary_key=True),
    Column("log_partition", Integer, primary_key=True, autoincrement=False),
    Column("log_offset", BigInteger, primary_key=True, autoincrement=False),
    Column("log_rows", LargeBinary, nullable=False),
    Column("day", Integer, nullable=False),
    Index("reject_places_by_day", "day"),
)
"""Which rows of which records of an institution's event topic were counted, a bit a row, and on which day they were last
(``api.rejects.repository``)."""
