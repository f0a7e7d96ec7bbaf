#!/bin/bash
# Starts Postgres, after a check of the password file: the first start gives its content to the superuser, whatever it is.
set -euo pipefail
. read-password
read_password "$POSTGRES_PASSWORD_FILE"

# The entrypoint of the image would do the same with a temporary server: a third of the CPU time of a first start, which
# runs under the container's own limit. A container that is killed meanwhile would leave a database that is never
# completed; so this one is made under another name.
make_database() {
  local new=$PGDATA.new
  rm -rf "$new"
  mkdir -p "$(dirname "$PGDATA")"
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$password") --pgdata="$new"
  printf '\nhost all all all scram-sha-256\n' >> "$new/pg_hba.conf"
  # Without exit_on_error a statement that fails in single-user mode would end with 0.
  postgres --single -D "$new" -c exit_on_error=true postgres <<< "CREATE DATABASE \"$POSTGRES_DB\""
  mv -T "$new" "$PGDATA"
}

[ -s "$PGDATA/PG_VERSION" ] || make_database
exec docker-entrypoint.sh postgres -c config_file=/usr/local/etc/postgresql.conf
