#!/bin/sh
# The first program in new namespaces: NAME TREE COMMAND...
# Sets them up as an engine would: with a host name, and with cgroup files of which this cgroup is the root. The host's tree, which
# only the lab reads, stays visible at TREE.
set -e
name=$1 tree=$2
shift 2
hostname "$name"
mount --rbind /sys/fs/cgroup "$tree"
umount --recursive --lazy /sys/fs/cgroup
if [ -e "$tree/cgroup.controllers" ]; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  exec "$@"
fi
mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
for directory in "$tree"/*/; do
  controllers=$(basename "$directory")
  here=/sys/fs/cgroup/$controllers
  if [ -L "${directory%/}" ]; then cp -P "${directory%/}" "$here"; continue; fi
  mkdir "$here"
  case $controllers in
    unified) mount -t cgroup2 cgroup2 "$here" ;;
    systemd) ;;
    *) mount -t cgroup -o "$controllers" cgroup "$here" ;;
  esac
done
exec "$@"
