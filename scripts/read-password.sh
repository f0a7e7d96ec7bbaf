# Sourced by what starts a store and by what asks it. `read_password FILE` sets $password, or says what is wrong with the file.
# Every byte counts, spaces too, but for the line ends at the end, as in services/shared/password-file.ts.

read_password() {
  local LC_ALL=C                               # bytes, not characters
  [ -f "$1" ] && [ -r "$1" ] || wrong_password "cannot read $1: there is no such file that user $(id -u) may read" || return
  # Reads until a NUL or the end of the file, and is content only with a NUL.
  ! IFS= read -r -d '' password < "$1" || wrong_password "$1 holds a NUL byte, which no password may" || return
  while [[ $password == *[$'\r\n'] ]]; do password=${password%?}; done
  [ -n "$password" ] || wrong_password "$1 holds no password" || return
  [[ $password != *[$'\r\n']* ]] || wrong_password "$1 holds more than one line: a password is one"
}

wrong_password() {
  echo "$1" >&2
  return 1
}
