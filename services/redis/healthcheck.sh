#!/bin/bash
# Exits 0 once Redis answers commands, that is, once it has read its log.
# It is bash and not redis-cli, which would be a second process, with the password among its arguments.
. read-password
LC_ALL=C                             # lengths in bytes
read_password "$REDIS_PASSWORD_FILE" || exit 1
exec 3<>"/dev/tcp/127.0.0.1/$PORT" || exit 1
# Each string follows its length, so it may contain any byte.
printf '*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\nPING\r\nQUIT\r\n' "${#password}" "$password" >&3
while read -r line <&3; do
  [ "${line%$'\r'}" = +PONG ] && exit 0
done
exit 1
