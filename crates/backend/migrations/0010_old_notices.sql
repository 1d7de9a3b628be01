-- Finds the notices that are old enough to be taken away.
CREATE INDEX notices_at ON notices (at);
