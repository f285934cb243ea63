#!/bin/sh
# Runs a command when whoever holds this script's standard input is gone, unless it said that it need not be.
#
#   last-will.sh PROGRAM [ARGUMENT...]
#
# The pipeline holds the other end of standard input. When it dies of anything (kill -9 included) the read below ends with
# nothing read. Ctrl+C and hang-up in the terminal are for the pipeline, not for this.
trap '' INT HUP TERM
read -r word
[ "$word" = revoked ] || exec "$@" >/dev/null 2>&1
