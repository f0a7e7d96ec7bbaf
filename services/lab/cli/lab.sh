#!/bin/sh
# The command `lab` in the lab's container.
exec node --optimize-for-size /app/dist/cli/main.js "$@"
