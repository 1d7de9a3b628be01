-- The number of an operator's sessions: raised in the transaction that ends them. A session counts
-- only while its number is the operator's, so that none comes back that was begun or renewed beside
-- it.
ALTER TABLE operators ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;

-- A session's own name: it stays when the session gets another id, and what ends a session names it
-- so. It is no secret, and signs nobody in.
ALTER TABLE sessions ADD COLUMN sid TEXT NOT NULL DEFAULT '';
UPDATE sessions SET sid = key;
