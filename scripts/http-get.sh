#!/bin/bash
# Prints the body of GET $1 from this container's own service; exits 0 only on status 200.
# It is also the health check. It is bash and not Node, because the check runs inside the container's own limits and shows
# in its graphs; a Node process for each probe takes about 16 MiB and 100 ms of CPU (`lab run health-check-cost`).
exec 3<>"/dev/tcp/127.0.0.1/$PORT" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&3
read -r _ status _ <&3
while IFS= read -r line <&3 && [ "$line" != $'\r' ]; do :; done
while IFS= read -r line <&3 || [ -n "$line" ]; do printf '%s\n' "$line"; done
[ "$status" = 200 ]
