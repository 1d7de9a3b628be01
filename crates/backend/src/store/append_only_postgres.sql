-- Two nodes that start together must not both make it.
SELECT pg_advisory_xact_lock(20210420);

CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only';
END;
$$;

-- Not replaced: one that was switched off would stay off.
DROP TRIGGER IF EXISTS audit_no_change ON audit;
DROP TRIGGER IF EXISTS audit_no_truncate ON audit;

CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
