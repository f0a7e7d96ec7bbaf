#!/bin/bash
# Exits 0 once Redis answers commands, that is, once it has read its log.
# Bash rather than redis-cli: no second process, and the password is not among any arguments.
read -r password < "$REDIS_PASSWORD_FILE" || [ -n "$password" ] || exit 1
exec 3<>/dev/tcp/127.0.0.1/6379 || exit 1
printf 'AUTH %s\r\nPING\r\nQUIT\r\n' "$password" >&3
while read -r line <&3; do
  [ "${line%$'\r'}" = +PONG ] && exit 0
done
exit 1
