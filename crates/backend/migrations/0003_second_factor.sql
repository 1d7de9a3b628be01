-- The authenticator of an operator. Until a code of it was typed it counts for nothing. The secret
-- is what codes are made of, so it cannot be a hash; last_step is the time step of the code that
-- was used last, and no code of it or before it is taken again.
CREATE TABLE authenticators (
    operator TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL
);

-- When a session was last used: near its absolute end the idle end no longer tells.
ALTER TABLE sessions ADD COLUMN seen_at BIGINT;

-- Codes for when the authenticator is lost: SHA-256 of each that was not used yet. They have 120
-- random bits, so a copy of the table is no help in guessing one.
CREATE TABLE recovery_codes (
    operator TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (operator, hash)
);
