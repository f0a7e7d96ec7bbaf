#!/bin/bash
# Makes the passwords of the stack on its first start, one file in a volume of its own each. Later starts keep them.
# Owner and group are the only two that read a file: the store's user, and the group of the Node services.
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
