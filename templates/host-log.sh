# What a host's log says: $1 is file or journal, $2 the file or the units, $3 how many lines to begin with,
# $4 the second from which on (empty: whenever), $5 where the last look ended (empty: this is the first).
# The first line that it prints is where this look ended. It changes nothing.
# shellcheck shell=sh
what=$1 from=$2 lines=$3 since=$4 at=$5
if [ "$what" = journal ]; then
    units=''
    for unit in $from; do units="$units -u $unit"; done
    [ -n "$since" ] && units="$units --since=@$since"
    if [ -n "$at" ]; then
        units="$units --after-cursor=$at"
    elif [ -z "$since" ]; then
        units="$units -n $lines"
    fi
    # shellcheck disable=SC2086
    journalctl --no-pager -q -o short-iso --show-cursor $units |
        awk -v at="$at" '/^-- cursor: / { at = $3; next } { said = said $0 "\n" } END { print at; printf "%s", said }'
    exit
fi
[ -f "$from" ] || { echo 0:0; exit; }
inode=$(stat -c %i "$from") size=$(stat -c %s "$from")
if [ -n "$at" ]; then
    read_from=${at#*:}
    # A file that was begun anew is read from its start.
    { [ "${at%:*}" = "$inode" ] && [ "$read_from" -le "$size" ]; } || read_from=0
    echo "$inode:$size"
    tail -c "+$((read_from + 1))" "$from" | head -c "$((size - read_from))"
elif [ -n "$since" ]; then
    echo "$inode:$size"
    # Lines that begin with no time belong to the one before.
    head -c "$size" "$from" | awk -v since="$(date -d "@$since" '+%Y-%m-%d %H:%M:%S')" \
        '/^[0-9][0-9][0-9][0-9]-/ { wanted = substr($0, 1, 19) >= since } wanted'
else
    echo "$inode:$size"
    head -c "$size" "$from" | tail -n "$lines"
fi
