#!/bin/bash
# Starts Redis with the password from a file: not in the environment, and not among the arguments of a process.
set -euo pipefail
exec redis-server - <<CONF
$(cat /etc/redis/redis.conf)
maxmemory $REDIS_MAXMEMORY
requirepass $(cat "$REDIS_PASSWORD_FILE")
CONF
