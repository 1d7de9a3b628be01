-- A row that is written to ask whether the database can be written (`store/ready.rs`).
CREATE TABLE readiness (
    id BIGINT NOT NULL PRIMARY KEY,
    asked BIGINT NOT NULL
);

INSERT INTO readiness (id, asked) VALUES (1, 0);

-- What has expired is found without reading what has not.
CREATE INDEX sign_in_attempts_last ON sign_in_attempts (last_at);
CREATE INDEX operator_links_expiry ON operator_links (expires_at);
CREATE INDEX setup_tokens_expiry ON setup_tokens (expires_at);
-- The Admins are locked before one of them is changed.
CREATE INDEX operators_role ON operators (role);

-- Each filter of the audit, so that one that finds nothing reads nothing.
CREATE INDEX audit_operator ON audit (operator, seq);
CREATE INDEX audit_operation ON audit (operation, seq);
CREATE INDEX audit_phase ON audit (phase, seq);
CREATE INDEX audit_at ON audit (at, seq);
CREATE INDEX audit_aws_request ON audit (aws_request) WHERE aws_request IS NOT NULL;
-- What a call made is named by its outcome only.
CREATE INDEX audit_made ON audit (resource) WHERE phase = 'succeeded';
