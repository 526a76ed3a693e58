# The lock of a host: $1 is take, renew or free, $2 who wants it, $3 for how many seconds, $4 whose claim
# may be taken over, since that one is known to be dead. The holder's words (a line of JSON) come on
# standard input; who is cut off before the line has ended takes nothing, for nobody could tell from half
# a line who that was. Time is this host's own, and /run is empty after a boot.
# Prints "mine", or else who holds it, for how many seconds yet, and that one's words.
# shellcheck shell=sh
what=$1 id=$2 lease=$3 dead=$4 lock=/run/warren/lock
if [ "$what" != free ] && ! read -r words; then
  echo 'the words of who takes it were cut off' >&2
  exit 1
fi
umask 077
mkdir -p /run/warren
exec 9>/run/warren/lock.door
flock 9
now=$(date +%s)
holder='' until=0
[ -f $lock ] && { read -r holder until && read -r said; } <$lock
if [ "$what" = free ]; then
  [ "$holder" = "$id" ] && rm -f $lock
elif [ "$holder" = "$id" ] || { [ "$what" = take ] && { [ "$holder" = "$dead" ] || [ "${until:-0}" -le "$now" ]; }; }; then
  printf '%s %s\n%s\n' "$id" $((now + lease)) "$words" >$lock.new && mv $lock.new $lock && echo mine
else
  printf '%s %s %s\n' "$holder" $((until - now)) "$said"
fi
