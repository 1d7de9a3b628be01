-- Times are milliseconds since the Unix epoch.
-- AUTOINCREMENT: `tag` and `idempotency` refer to rows by kind and id, so an id must never be used twice.

CREATE TABLE app_instance (
    id                    INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id            TEXT    NOT NULL,
    region                TEXT    NOT NULL,
    app_instance_id       TEXT    NOT NULL,
    name                  TEXT    NOT NULL,
    metadata              TEXT,
    created_ms            INTEGER NOT NULL,
    updated_ms            INTEGER NOT NULL,
    retention_days        INTEGER,
    initiate_deletion_ms  INTEGER,
    -- Kept by triggers: counting 100,000 rows for each new user would make the quota the slowest part of a create.
    user_count            INTEGER NOT NULL DEFAULT 0,
    -- 1 from the moment DeleteAppInstance answers until the purge has removed everything below.
    deleting              INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account_id, region, app_instance_id)
) STRICT;
CREATE INDEX app_instance_page ON app_instance (account_id, region, created_ms, app_instance_id) WHERE deleting = 0;
CREATE INDEX app_instance_deleting ON app_instance (id) WHERE deleting = 1;

CREATE TABLE app_instance_user (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    app_instance     INTEGER NOT NULL REFERENCES app_instance (id),
    user_id          TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    metadata         TEXT,
    created_ms       INTEGER NOT NULL,
    updated_ms       INTEGER NOT NULL,
    expiration_days  INTEGER,
    -- created_ms plus expiration_days, so that the sweep is one index range.
    expires_ms       INTEGER,
    UNIQUE (app_instance, user_id)
) STRICT;
CREATE INDEX app_instance_user_page ON app_instance_user (app_instance, created_ms, user_id);
CREATE INDEX app_instance_user_expires ON app_instance_user (expires_ms) WHERE expires_ms IS NOT NULL;

CREATE TRIGGER app_instance_user_added AFTER INSERT ON app_instance_user BEGIN
    UPDATE app_instance SET user_count = user_count + 1 WHERE id = NEW.app_instance;
END;

CREATE TABLE app_instance_bot (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    app_instance   INTEGER NOT NULL REFERENCES app_instance (id),
    bot_id         TEXT    NOT NULL,
    name           TEXT,
    metadata       TEXT,
    configuration  TEXT    NOT NULL,
    created_ms     INTEGER NOT NULL,
    updated_ms     INTEGER NOT NULL,
    UNIQUE (app_instance, bot_id)
) STRICT;
CREATE INDEX app_instance_bot_page ON app_instance_bot (app_instance, created_ms, bot_id);

CREATE TABLE app_instance_admin (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    app_instance  INTEGER NOT NULL REFERENCES app_instance (id),
    -- The ARN of the admin after the ARN of the instance: `user/…` or `bot/…`.
    path          TEXT    NOT NULL,
    user          INTEGER REFERENCES app_instance_user (id) ON DELETE CASCADE,
    bot           INTEGER REFERENCES app_instance_bot (id) ON DELETE CASCADE,
    created_ms    INTEGER NOT NULL,
    UNIQUE (app_instance, path),
    CHECK ((user IS NULL) <> (bot IS NULL))
) STRICT;
CREATE INDEX app_instance_admin_page ON app_instance_admin (app_instance, created_ms, path);
CREATE INDEX app_instance_admin_user ON app_instance_admin (user) WHERE user IS NOT NULL;
CREATE INDEX app_instance_admin_bot ON app_instance_admin (bot) WHERE bot IS NOT NULL;

CREATE TABLE endpoint (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,
    user               INTEGER NOT NULL REFERENCES app_instance_user (id) ON DELETE CASCADE,
    endpoint_id        TEXT    NOT NULL UNIQUE,
    name               TEXT,
    type               TEXT    NOT NULL,
    resource_arn       TEXT    NOT NULL,
    device_token       TEXT    NOT NULL,
    voip_device_token  TEXT,
    allow_messages     TEXT    NOT NULL,
    status             TEXT    NOT NULL DEFAULT 'ACTIVE',
    status_reason      TEXT,
    created_ms         INTEGER NOT NULL,
    updated_ms         INTEGER NOT NULL,
    UNIQUE (user, resource_arn, device_token)
) STRICT;
CREATE INDEX endpoint_page ON endpoint (user, created_ms, endpoint_id);

-- One table for the tags of the three taggable kinds; the triggers below do what a foreign key would.
CREATE TABLE tag (
    kind   TEXT    NOT NULL CHECK (kind IN ('app-instance', 'user', 'bot')),
    owner  INTEGER NOT NULL,
    key    TEXT    NOT NULL,
    value  TEXT    NOT NULL,
    PRIMARY KEY (kind, owner, key)
) STRICT, WITHOUT ROWID;

-- Client request tokens. A row goes with the resource it made, so the token can then make a new one.
CREATE TABLE idempotency (
    account_id    TEXT    NOT NULL,
    region        TEXT    NOT NULL,
    operation     TEXT    NOT NULL,
    parent        TEXT    NOT NULL,
    token         TEXT    NOT NULL,
    request_hash  BLOB    NOT NULL,
    result        TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('app-instance', 'user', 'bot', 'endpoint')),
    owner         INTEGER NOT NULL,
    created_ms    INTEGER NOT NULL,
    PRIMARY KEY (account_id, region, operation, parent, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_owner ON idempotency (kind, owner);
CREATE INDEX idempotency_age ON idempotency (created_ms);

CREATE TRIGGER app_instance_removed AFTER DELETE ON app_instance BEGIN
    DELETE FROM tag WHERE kind = 'app-instance' AND owner = OLD.id;
    DELETE FROM idempotency WHERE kind = 'app-instance' AND owner = OLD.id;
END;
CREATE TRIGGER app_instance_user_removed AFTER DELETE ON app_instance_user BEGIN
    UPDATE app_instance SET user_count = user_count - 1 WHERE id = OLD.app_instance;
    DELETE FROM tag WHERE kind = 'user' AND owner = OLD.id;
    DELETE FROM idempotency WHERE kind = 'user' AND owner = OLD.id;
END;
CREATE TRIGGER app_instance_bot_removed AFTER DELETE ON app_instance_bot BEGIN
    DELETE FROM tag WHERE kind = 'bot' AND owner = OLD.id;
    DELETE FROM idempotency WHERE kind = 'bot' AND owner = OLD.id;
END;
CREATE TRIGGER endpoint_removed AFTER DELETE ON endpoint BEGIN
    DELETE FROM idempotency WHERE kind = 'endpoint' AND owner = OLD.id;
END;

-- The key that seals paging tokens; it lives with the data so that tokens survive a restart.
CREATE TABLE paging_key (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    secret  BLOB NOT NULL
) STRICT;
