-- Up Migration
CREATE TABLE runs (
  id uuid PRIMARY KEY,
  experiment text NOT NULL,
  started_at timestamptz NOT NULL,
  -- What a list shows; the two below it are large, and read only with the one run they belong to.
  view jsonb NOT NULL,
  recording json,
  facts json
);

CREATE INDEX runs_by_start ON runs (started_at DESC);
CREATE INDEX runs_by_experiment ON runs (experiment, started_at DESC);

-- Down Migration
DROP TABLE runs;
