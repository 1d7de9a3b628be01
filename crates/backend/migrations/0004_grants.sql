-- What an operator's role covers: '*' for everything, else one limit a line
-- (`domain::grant::Grant`). Whoever is there already keeps everything.
ALTER TABLE operators ADD COLUMN grants TEXT NOT NULL DEFAULT '*';
