# Sourced by the scripts that start or check a store. `read_password FILE` sets $password, or says what is wrong with the
# file. Every byte counts, even spaces, except for line ends at the end, as in services/shared/process/password-file.ts.

read_password() {
  local LC_ALL=C                               # bytes, not characters
  [ -f "$1" ] && [ -r "$1" ] || wrong_password "cannot read $1: there is no such file that user $(id -u) may read" || return
  # `read` stops at a NUL or the end of the file, and succeeds only at a NUL.
  ! IFS= read -r -d '' password < "$1" || wrong_password "$1 holds a NUL byte, which is not allowed in a password" || return
  while [[ $password == *[$'\r\n'] ]]; do password=${password%?}; done
  [ -n "$password" ] || wrong_password "$1 holds no password" || return
  [[ $password != *[$'\r\n']* ]] || wrong_password "$1 holds more than one line: a password is one"
}

wrong_password() {
  echo "$1" >&2
  return 1
}
