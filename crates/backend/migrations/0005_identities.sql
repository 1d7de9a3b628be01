-- Operators who sign in with a provider, and have no password here. The subject is SHA-256 of the
-- provider's issuer and its id for the person, so that a copy of the table names nobody there.
CREATE TABLE identities (
    subject TEXT NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    operator TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
