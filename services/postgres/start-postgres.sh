#!/bin/bash
# Starts Postgres, unless its password file is none: the first start makes the superuser with what is in it, whatever that is.
set -euo pipefail
. read-password
read_password "$POSTGRES_PASSWORD_FILE"
exec docker-entrypoint.sh postgres -c config_file=/usr/local/etc/postgresql.conf
