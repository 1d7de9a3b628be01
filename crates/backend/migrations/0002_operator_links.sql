-- Links by which an operator chooses a password, each once. The hash is SHA-256 of the token, so
-- that a copy of the table lets nobody in. An operator has one at most.
CREATE TABLE operator_links (
    hash TEXT NOT NULL PRIMARY KEY,
    operator TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);
