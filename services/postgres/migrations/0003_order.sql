-- Up Migration
-- The order in which rows came. A time does not keep it (nor does a UUIDv7, which begins with one): the host's clock may be set back.
ALTER TABLE jobs ADD COLUMN number bigint;
UPDATE jobs SET number = came.number FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM jobs) came WHERE came.id = jobs.id;
ALTER TABLE jobs ALTER COLUMN number SET NOT NULL;
ALTER TABLE jobs ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('jobs', 'number'), max(number)) FROM jobs HAVING count(*) > 0;

CREATE UNIQUE INDEX jobs_by_number ON jobs (number DESC);
DROP INDEX jobs_by_status, jobs_by_kind;
CREATE INDEX jobs_by_status ON jobs (status, number DESC);
CREATE INDEX jobs_by_kind ON jobs (kind, number DESC);

ALTER TABLE runs ADD COLUMN number bigint;
UPDATE runs SET number = came.number FROM (SELECT id, row_number() OVER (ORDER BY started_at) AS number FROM runs) came WHERE came.id = runs.id;
ALTER TABLE runs ALTER COLUMN number SET NOT NULL;
ALTER TABLE runs ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('runs', 'number'), max(number)) FROM runs HAVING count(*) > 0;

DROP INDEX runs_by_start, runs_by_experiment;
CREATE UNIQUE INDEX runs_by_number ON runs (number DESC);
CREATE INDEX runs_by_experiment ON runs (experiment, number DESC);

-- Down Migration
DROP INDEX runs_by_experiment, runs_by_number, jobs_by_kind, jobs_by_status, jobs_by_number;
ALTER TABLE runs DROP COLUMN number;
ALTER TABLE jobs DROP COLUMN number;
CREATE INDEX jobs_by_status ON jobs (status, id DESC);
CREATE INDEX jobs_by_kind ON jobs (kind, id DESC);
CREATE INDEX runs_by_start ON runs (started_at DESC);
CREATE INDEX runs_by_experiment ON runs (experiment, started_at DESC);
