#!/bin/bash
# Exits 0 once Redis answers commands, that is, once it has read its log.
set -euo pipefail
REDISCLI_AUTH=$(cat "$REDIS_PASSWORD_FILE") redis-cli --no-auth-warning ping | grep -qx PONG
