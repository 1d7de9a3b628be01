-- Work on many resources. What a job wants of each is in its rows; what it was asked for as a whole is
-- in `input`, for people to read. Counts are kept here, so that the list of jobs reads no rows.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    connection TEXT NOT NULL,
    region TEXT NOT NULL,
    instance TEXT NOT NULL,
    -- Whose rights it acts with; nobody's for a job of the shell.
    operator TEXT,
    username TEXT NOT NULL,
    -- The request that asked for it, for the audit; empty for the shell.
    request TEXT NOT NULL,
    remote TEXT,
    input TEXT NOT NULL,
    -- SHA-256 of the file that it was made from, so that the same file goes on with the same job.
    source TEXT,
    state TEXT NOT NULL,
    -- Why it paused or stopped by itself.
    reason TEXT,
    -- Raised by each process that takes the job over. What one of an earlier number writes is refused.
    epoch BIGINT NOT NULL,
    lease_by TEXT,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    planned_at BIGINT,
    started_at BIGINT,
    ended_at BIGINT,
    total BIGINT NOT NULL,
    -- What the plan says.
    will BIGINT NOT NULL,
    skip BIGINT NOT NULL,
    cannot BIGINT NOT NULL,
    unsure BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    -- What became of the rows.
    done BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    -- Rows in a thousand seconds, lately.
    pace BIGINT NOT NULL
);

CREATE INDEX jobs_created ON jobs (created_at);
CREATE INDEX jobs_operator ON jobs (operator, created_at);
CREATE INDEX jobs_instance ON jobs (instance, created_at);
-- What a runner looks for each second: few, however many jobs there are.
CREATE INDEX jobs_open ON jobs (created_at) WHERE ended_at IS NULL;
CREATE INDEX jobs_source ON jobs (source) WHERE source IS NOT NULL;

CREATE TABLE job_items (
    job TEXT NOT NULL,
    row BIGINT NOT NULL,
    -- The line of the file that it is from.
    line BIGINT,
    resource TEXT NOT NULL,
    endpoint TEXT,
    change TEXT NOT NULL,
    -- What the plan found.
    verdict TEXT,
    warning TEXT,
    before_values TEXT,
    calls TEXT,
    -- How far it is. The step is the call of the row that is next or under way.
    state TEXT NOT NULL,
    step BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    entry TEXT,
    aws_request TEXT,
    why TEXT,
    PRIMARY KEY (job, row)
);

CREATE INDEX job_items_state ON job_items (job, state, row);
CREATE INDEX job_items_verdict ON job_items (job, verdict, row);

-- The job that an entry belongs to.
ALTER TABLE audit ADD COLUMN job TEXT;
CREATE INDEX audit_job ON audit (job, seq) WHERE job IS NOT NULL;
