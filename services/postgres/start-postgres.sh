#!/bin/bash
# Starts Postgres, after a check of the password file: the first start would give its content to the superuser, whatever it is.
set -euo pipefail
. read-password
read_password "$POSTGRES_PASSWORD_FILE"
exec docker-entrypoint.sh postgres -c config_file=/usr/local/etc/postgresql.conf
