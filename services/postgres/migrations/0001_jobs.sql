-- Up Migration
CREATE TABLE jobs (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  kind text NOT NULL,
  params jsonb NOT NULL,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  attempts integer NOT NULL DEFAULT 0,
  cancel_requested boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- When the row was last compared with the queue, see worker/reconciler.ts.
  checked_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  worker text,
  usage jsonb,
  result jsonb,
  error jsonb,
  CHECK ((finished_at IS NOT NULL) = (status IN ('succeeded', 'failed', 'cancelled')))
);

CREATE INDEX jobs_by_status ON jobs (status, id DESC);
CREATE INDEX jobs_by_kind ON jobs (kind, id DESC);
CREATE INDEX jobs_unfinished ON jobs (checked_at) WHERE status IN ('queued', 'running');

-- Down Migration
DROP TABLE jobs;
