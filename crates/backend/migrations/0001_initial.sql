-- One dialect for SQLite and PostgreSQL: TEXT and BIGINT only, times in milliseconds since 1970.

-- What was done. Triggers, made at start because their syntax differs, refuse UPDATE and DELETE.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    entry TEXT NOT NULL,
    phase TEXT NOT NULL,
    at BIGINT NOT NULL,
    operator TEXT,
    username TEXT NOT NULL,
    remote TEXT,
    request TEXT NOT NULL,
    connection TEXT,
    region TEXT,
    operation TEXT NOT NULL,
    resource TEXT,
    instance TEXT,
    input TEXT,
    before_values TEXT,
    failure TEXT,
    aws_request TEXT,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE INDEX audit_entry ON audit (entry);
CREATE INDEX audit_resource ON audit (resource, seq);
CREATE INDEX audit_instance ON audit (instance, seq);
CREATE INDEX audit_username ON audit (username, seq);
-- An entry has one outcome, whoever writes it.
CREATE UNIQUE INDEX audit_outcome ON audit (entry) WHERE phase IN ('succeeded', 'failed', 'unknown');

-- The last link of the chain: appending locks it, and cutting rows off the end shows.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE operators (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    signed_in_at BIGINT
);

-- Failed sign-ins by account and address. The account is a hash, since people type passwords
-- where a username belongs.
CREATE TABLE sign_in_attempts (
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    day BIGINT NOT NULL,
    day_failures BIGINT NOT NULL,
    succeeded_at BIGINT,
    PRIMARY KEY (account, address)
);

CREATE TABLE setup_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- The key is the SHA-256 of the session's id, so that a copy of the table signs nobody in.
CREATE TABLE sessions (
    key TEXT NOT NULL PRIMARY KEY,
    operator TEXT,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    idle_expires_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_operator ON sessions (operator, created_at);
CREATE INDEX sessions_expiry ON sessions (idle_expires_at);
