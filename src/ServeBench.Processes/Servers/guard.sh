#!/bin/sh
# Starts a server, and runs it for as long as somebody holds this script's standard input open, and no longer.
#
#   guard.sh LOG GRACE GROUPS ORIGINS PROGRAM [ARGUMENT...]
#
# GROUPS: folders of control groups that the server is in, with colons between; ORIGINS: those that this script comes from. Entering one
# takes the kernel some 10 ms: the script enters them before it says "ready", so that the server is born in them, and leaves them later.
#
# The pipeline holds the other end of standard input. The line "go" starts the server, "end" ends at once whatever still runs of it.
# When the pipeline dies of anything (kill -9 included) the read ends; then everything is asked to end and, GRACE seconds later,
# killed. On Linux this shell is a child subreaper (ServeBench.Guard made it one): whatever the server starts, in sessions of its own or
# by double forks, becomes a child of this shell when its parent is gone, so that killing all children until none is left ends
# everything. Elsewhere the server's process group is ended.
#
# Prints "ready", then the ids of its watcher and of the server, and the server's exit code when that has ended.
log=$1
grace=$2
groups=$3
origins=$4
shift 4

# A terminal's Ctrl+C and hang-up go to the pipeline. The handlers do nothing, but unlike "ignore" they are not inherited.
trap : INT HUP TERM
exec 2>/dev/null # the shell's own remarks ("Terminated") are nobody's business; the server's output goes to its log

enter() {
    IFS=:
    for group in $1; do
        echo "$2" >"$group/cgroup.procs" || {
            unset IFS
            return 1
        }
    done
    unset IFS
}

enter "$groups" 0 || {
    echo "the control group $group cannot be entered"
    exit 126
}
echo ready
read -r word
[ "$word" = go ] || exit 0

children() {
    read -r found </proc/$$/task/$$/children
    others=
    for child in $found; do
        # The server leads a group of its own; an orphan may be a member of somebody else's.
        [ "$child" = "$self" ] || others="$others $child"
    done
}

signal() {
    for child in $others; do kill "-$1" "-$child" || kill "-$1" "$child"; done
}

left() {
    if [ -r /proc/$$/task/$$/children ]; then
        children
        [ -n "$others" ]
    else
        others=$server
        kill -0 "-$server"
    fi
}

watch() {
    trap '' INT HUP TERM
    # Whatever is in the groups is of the server, and is killed with it.
    enter "$origins" 0
    self=
    [ -r /proc/self/stat ] && read -r self _ </proc/self/stat
    died=yes
    while read -r word <&3; do
        case $word in
            end) died=no && break ;;
            server*)
                server=${word#server}
                # Not before: what this script starts while it is in the groups is born in them.
                enter "$origins" $$
                ;;
        esac
    done
    if [ "$died" = yes ]; then
        tenths=0
        left && signal TERM
        while left && [ "$tenths" -lt $((grace * 10)) ]; do
            sleep 0.1
            tenths=$((tenths + 1))
        done
    fi
    IFS=:
    for group in $groups; do
        [ -w "$group/cgroup.kill" ] && echo 1 >"$group/cgroup.kill"
    done
    unset IFS
    tries=0
    # What is killed leaves its own children to this shell: again, until there are none.
    while left && [ "$tries" -lt 500 ]; do
        signal KILL
        tries=$((tries + 1))
        sleep 0.02
    done
    if [ "$died" = yes ]; then
        IFS=:
        for group in $groups; do rmdir "$group"; done
    fi
}

exec 3<&0
watch >/dev/null &
watcher=$!
echo "$watcher"
exec 3<&- 0</dev/null

if command -v setsid >/dev/null; then
    # In the foreground: a shell lets what it starts in the background ignore Ctrl+C's signal, and some servers are stopped by that.
    /bin/sh -c 'echo "$$" >&3; exec 3>&- </dev/null setsid "$@"' sh "$@" 3>&1 >"$log" 2>&1
    code=$?
else
    # Job control gives a background job a process group, and leaves its signals alone.
    set -m
    "$@" >"$log" 2>&1 &
    server=$!
    echo "$server"
    # A signal interrupts wait; go on waiting until the server is really gone.
    while :; do
        wait "$server"
        code=$?
        kill -0 "$server" || break
    done
fi
echo "$code"

# Whatever else it started may live on until the pipeline says "end", or is gone. Waiting takes in orphans that end meanwhile.
while kill -0 "$watcher"; do wait "$watcher"; done
exit 0
