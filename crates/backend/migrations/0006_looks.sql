-- An entry with an unknown outcome may get a known one later, once.
DROP INDEX audit_outcome;
CREATE UNIQUE INDEX audit_outcome ON audit (entry) WHERE phase IN ('succeeded', 'failed');
CREATE UNIQUE INDEX audit_unknown ON audit (entry) WHERE phase = 'unknown';
