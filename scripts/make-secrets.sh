#!/bin/bash
# Makes the passwords of the stack on its first start, each in a file in a volume of its own. Later starts keep them.
# Only the owner (the store's user) and the group (that of the Node services) can read a file.
set -euo pipefail
umask 077

make_secret() { # FILE OWNER GROUP
  [ -s "$1" ] && return
  head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n' > "$1.new"
  chmod 440 "$1.new"
  chown "$2:$3" "$1.new"
  mv "$1.new" "$1"
  echo "made $1"
}

make_secret /secrets/postgres/password 999 1000
make_secret /secrets/redis/password 999 1000
