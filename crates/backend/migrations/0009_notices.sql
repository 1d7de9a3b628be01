-- What happened to an operator's account, for themself to see: the newest of each operator. Unseen
-- ones are counted in the header of every page.
CREATE TABLE notices (
    id TEXT NOT NULL PRIMARY KEY,
    operator TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    address TEXT,
    by_whom TEXT,
    seen_at BIGINT
);

CREATE INDEX notices_operator ON notices (operator, at);

-- Wrong one-time codes of an operator, whatever address they came from. Once there were too many in
-- a day, codes are refused until an Admin takes the row away.
CREATE TABLE wrong_codes (
    operator TEXT NOT NULL PRIMARY KEY,
    day BIGINT NOT NULL,
    codes BIGINT NOT NULL,
    refused_since BIGINT
);
