-- How an operator has times shown: 0 in UTC, 1 in the zone of the browser.
ALTER TABLE operators ADD COLUMN local_times BIGINT NOT NULL DEFAULT 0;
