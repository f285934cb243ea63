#!/bin/sh
# Runs a server for as long as somebody holds this script's standard input open, and no longer.
#
#   guard.sh LOG GRACE PROGRAM [ARGUMENT...]
#
# The pipeline holds the other end of standard input. When it closes it, or dies of anything (kill -9 included), the read
# below ends, and the server's whole process group is asked to end and, GRACE seconds later, killed. Nothing is left behind.
# The server gets a process group of its own, so that Ctrl+C in the terminal reaches the pipeline only.
# Prints the server's process id on the first line and its exit code on the second.
log=$1
grace=$2
shift 2

# A terminal's Ctrl+C and hang-up go to the pipeline, which then closes standard input. The handlers do nothing, but unlike
# "ignore" they are not inherited by the server.
trap : INT HUP TERM

# Job control gives every background job its own process group. Some shells refuse it without a terminal: setsid then does
# the same (a background job is no group leader there, so the process id stays the same).
exec 2>/dev/null # the shell's own remarks ("Terminated") are nobody's business; the server's output goes to its log
set -m
case $- in
    *m*) "$@" </dev/null >"$log" 2>&1 & ;;
    *) setsid "$@" </dev/null >"$log" 2>&1 & ;;
esac
server=$!
echo "$server"

exec 3<&0
{
    while read -r _ <&3; do :; done
    kill -TERM "-$server"
    tenths=0
    while kill -0 "-$server" && [ "$tenths" -lt $((grace * 10)) ]; do
        sleep 0.1
        tenths=$((tenths + 1))
    done
    kill -KILL "-$server"
} >/dev/null &
watcher=$!
exec 3<&- 0</dev/null

# A signal interrupts wait; go on waiting until the server is really gone.
while :; do
    wait "$server"
    code=$?
    kill -0 "$server" || break
done
echo "$code"

# Whatever the server left running in its group ends with it.
kill -KILL "-$server"
kill -KILL "$watcher"
exit 0
