#!/bin/bash
# Starts Redis with the password from a file, so that it is neither in the environment nor among the arguments of a process.
set -euo pipefail
. read-password
read_password "$REDIS_PASSWORD_FILE"
conf=$(cat "$REDIS_CONF")
# Each byte becomes \xHH: in a line of the configuration a space would end the word, and a quote would begin a string.
quoted=$(printf %s "$password" | od -An -v -tx1 | tr -d ' \n' | sed 's/../\\x&/g')
exec redis-server - <<CONF
$conf
port $PORT
maxmemory $REDIS_MAXMEMORY
requirepass "$quoted"
CONF
