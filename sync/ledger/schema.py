"""The tables, step by step, and which steps a file has taken; a step is never edited once released."""

import sqlite3

LIVE_STATES = "('claimed', 'sent', 'unknown', 'confirmed')"
OWED_STATES = "('claimed', 'sent', 'unknown')"

FIRST = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE journal (
        seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, payload TEXT, salt BLOB NOT NULL,
        payload_hash BLOB NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL) STRICT""",
    """CREATE TABLE journal_head (
        id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, hash BLOB NOT NULL,
        mac BLOB NOT NULL) STRICT""",
    """CREATE TABLE signed_heads (
        seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, signed_at_ms INTEGER NOT NULL, public_key BLOB NOT NULL,
        signature BLOB NOT NULL, witnessed_at_ms INTEGER) STRICT""",
    """CREATE TABLE vouchers (
        id INTEGER PRIMARY KEY, platform TEXT NOT NULL, price_fen INTEGER, units_total INTEGER, units_left INTEGER,
        valid_from_ms INTEGER, valid_until_ms INTEGER, state TEXT, store_ok INTEGER NOT NULL DEFAULT 1, account TEXT,
        seen_at_ms INTEGER, last_mark_s INTEGER, ref TEXT, handle TEXT, title TEXT, kind TEXT, offer TEXT,
        detail BLOB) STRICT""",
    """CREATE TABLE aliases (
        platform TEXT NOT NULL, kind TEXT NOT NULL, hash BLOB NOT NULL, voucher INTEGER NOT NULL,
        PRIMARY KEY (platform, kind, hash)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE redemptions (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, number TEXT NOT NULL, basket_id TEXT NOT NULL,
        request_id TEXT NOT NULL, outbox_id TEXT NOT NULL, voucher INTEGER NOT NULL, platform TEXT NOT NULL,
        unit INTEGER NOT NULL, state TEXT NOT NULL, tier TEXT NOT NULL, promised INTEGER NOT NULL,
        amount_fen INTEGER NOT NULL, title TEXT NOT NULL, code_tail TEXT NOT NULL, code_sealed BLOB NOT NULL,
        kind TEXT NOT NULL, staff TEXT NOT NULL, manager TEXT, shift INTEGER NOT NULL, outage INTEGER, account TEXT,
        terminal TEXT NOT NULL, accepted_at_ms INTEGER NOT NULL, clock TEXT NOT NULL, business_day TEXT NOT NULL,
        settled_at_ms INTEGER, reason TEXT, refs TEXT, witnesses TEXT, reversal_id TEXT) STRICT""",
    f"""CREATE UNIQUE INDEX live_redemptions ON redemptions (platform, voucher, unit)
        WHERE state IN {LIVE_STATES}""",
    "CREATE INDEX redemptions_of_call ON redemptions (outbox_id)",
    "CREATE INDEX redemptions_of_reversal ON redemptions (reversal_id) WHERE reversal_id IS NOT NULL",
    "CREATE INDEX redemptions_of_number ON redemptions (number)",
    """CREATE INDEX redemptions_of_record ON redemptions (platform, json_extract(refs, '$.record'))
        WHERE refs IS NOT NULL""",
    "CREATE INDEX redemptions_of_shift ON redemptions (shift)",
    "CREATE INDEX redemptions_of_day ON redemptions (business_day)",
    f"""CREATE INDEX owed_redemptions ON redemptions (outage)
        WHERE state IN {OWED_STATES} AND outage IS NOT NULL""",
    """CREATE INDEX redemptions_of_account ON redemptions (account, business_day) WHERE account IS NOT NULL""",
    """CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, platform TEXT NOT NULL, kind TEXT NOT NULL,
        request_id TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, next_attempt_at_ms INTEGER NOT NULL,
        last_error TEXT, call_sealed BLOB NOT NULL, prepared_sealed BLOB, created_at_ms INTEGER NOT NULL) STRICT""",
    "CREATE INDEX outbox_open ON outbox (kind, next_attempt_at_ms) WHERE state <> 'done'",
    "CREATE INDEX outbox_of_request ON outbox (request_id)",
    "CREATE TABLE announced (redemption_id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE refusals (
        id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, clock TEXT NOT NULL, business_day TEXT NOT NULL,
        shift INTEGER, staff TEXT NOT NULL, platform TEXT, kind TEXT NOT NULL, length INTEGER NOT NULL,
        text_hash BLOB NOT NULL, text_sealed BLOB, code_tail TEXT NOT NULL, reason TEXT NOT NULL,
        facts TEXT NOT NULL) STRICT""",
    "CREATE INDEX refusals_of_shift ON refusals (shift)",
    "CREATE TABLE blacklist (hash BLOB PRIMARY KEY, at_ms INTEGER NOT NULL, why TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE outages (
        id INTEGER PRIMARY KEY, platform TEXT NOT NULL, started_at_ms INTEGER NOT NULL, ended_at_ms INTEGER,
        opened_by TEXT, opened_at_ms INTEGER, spent TEXT NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX outage_now ON outages (platform) WHERE ended_at_ms IS NULL",
    """CREATE TABLE keysets (
        seq INTEGER PRIMARY KEY, text TEXT NOT NULL, signature BLOB NOT NULL, received_at_ms INTEGER NOT NULL
        ) STRICT""",
    """CREATE TABLE revocations (
        voucher TEXT PRIMARY KEY, seq INTEGER NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE cursors (
        name TEXT PRIMARY KEY, value TEXT NOT NULL, seen_at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE nonces (
        nonce TEXT PRIMARY KEY, request_id TEXT NOT NULL, shown_at_ms INTEGER NOT NULL, basket_id TEXT
        ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE time_sync (
        id INTEGER PRIMARY KEY CHECK (id = 1), boot TEXT NOT NULL, monotonic_ms INTEGER NOT NULL,
        server_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL) STRICT""",
    """CREATE TABLE staff (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, pin_hash TEXT, active INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE shifts (
        id INTEGER PRIMARY KEY, state TEXT NOT NULL, opened_by TEXT NOT NULL, opened_at_ms INTEGER NOT NULL,
        clock TEXT NOT NULL, business_day TEXT NOT NULL, float_fen INTEGER NOT NULL, counted_by TEXT,
        counted_at_ms INTEGER, counts TEXT, closed_by TEXT, closed_at_ms INTEGER, report TEXT) STRICT""",
    "CREATE UNIQUE INDEX shift_now ON shifts ((1)) WHERE state <> 'closed'",
    """CREATE TABLE adjustments (
        id INTEGER PRIMARY KEY, shift INTEGER NOT NULL, redemption_id TEXT NOT NULL, at_ms INTEGER NOT NULL,
        what TEXT NOT NULL, amount_fen INTEGER NOT NULL) STRICT""",
    "CREATE INDEX adjustments_of_shift ON adjustments (shift)",
    """CREATE TABLE differences (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, platform TEXT NOT NULL, cause TEXT NOT NULL,
        redemption_id TEXT, amount_fen INTEGER NOT NULL, owner TEXT NOT NULL, opened_at_ms INTEGER NOT NULL,
        deadline_at_ms INTEGER NOT NULL, facts TEXT NOT NULL, resolution TEXT, resolved_by TEXT,
        resolved_at_ms INTEGER) STRICT""",
)

BOOK_PAGES = (
    """CREATE TABLE book_pages (
        platform TEXT NOT NULL, place INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
        cursor TEXT NOT NULL, text_sealed BLOB NOT NULL, read_at_ms INTEGER NOT NULL,
        PRIMARY KEY (platform, place)) STRICT, WITHOUT ROWID""",
)

NOTICES = (
    """CREATE TABLE notices (
        platform TEXT NOT NULL, id TEXT NOT NULL, digest BLOB NOT NULL, told TEXT NOT NULL, voucher INTEGER,
        at_ms INTEGER NOT NULL, heard_at_ms INTEGER NOT NULL, followed_at_ms INTEGER,
        PRIMARY KEY (platform, id), UNIQUE (platform, digest)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX notices_to_follow ON notices (heard_at_ms) WHERE followed_at_ms IS NULL",
)

SET = "hexiao"
# Each is a function of this name in migrations.py, which is imported only where a step has to be taken: sqlite_utils
# brings NumPy along wherever that is installed, a fifth of a second and 30 MB at every start of the window.
STEPS = ("first", "book_pages", "notices")


def taken(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The names of the steps that a file has taken, oldest first; none for what is no ledger."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlite_migrations'")
    if there.fetchone() is None:
        return ()
    found = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY rowid", (SET,))
    return tuple(name for (name,) in found)
