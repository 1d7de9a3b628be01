-- Files that somebody uploaded and that are no job yet. Their rows go when the job is made of them, and
-- all of it after a week.
CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY,
    operator TEXT NOT NULL,
    connection TEXT NOT NULL,
    instance TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    total BIGINT NOT NULL,
    -- How the file is written, and the names of its columns; empty while it is still received.
    heading TEXT NOT NULL,
    -- What each column is.
    mapping TEXT NOT NULL,
    -- Until when somebody makes a job of it, so that two presses of a button do not make two.
    claimed_until BIGINT NOT NULL,
    -- The job that was made of it.
    job TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX imports_operator ON imports (operator, created_at);
CREATE INDEX imports_created ON imports (created_at);

-- Some rows after another, as JSON.
CREATE TABLE import_parts (
    import TEXT NOT NULL,
    part BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (import, part)
);

-- What an operator chose for columns with these names, for their next file.
CREATE TABLE import_mappings (
    operator TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- SHA-256 of the names, in their order.
    names TEXT NOT NULL,
    mapping TEXT NOT NULL,
    chosen_at BIGINT NOT NULL,
    PRIMARY KEY (operator, kind, names)
);
CREATE INDEX import_mappings_chosen ON import_mappings (chosen_at);
