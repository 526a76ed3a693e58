# What a host is and has, in one round trip. It changes nothing; it needs a POSIX shell, coreutils, awk
# and what systemd and iproute2 bring. Each line is a key, a tab and a value; free text is base64.
# Before it stand: paths, names, ports, addresses, packages, services.
# shellcheck shell=sh disable=SC2086,SC2154
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
tab=$(printf '\t')
say() { printf '%s\t%s\n' "$1" "$2"; }
have() { command -v "$1" >/dev/null 2>&1; }
encoded() { base64 -w 0 "$1" 2>/dev/null; }

have timeout && slow='timeout 2' || slow=
for name in $names; do
  {
    found=$($slow getent ahosts "$name" | awk '!seen[$1]++ { printf "%s%s", sep, $1; sep = " " }')
    say resolves "$name $found"
  } &
done
for address in $addresses; do
  [ -n "$(ip -o addr show to "$address" 2>/dev/null)" ] && continue
  have ping && { ping -c 1 -W 1 "$address" >/dev/null 2>&1 && say answers "$address"; } &
done

now=$(date +%s.%N)
say now "$now"
say name "$(uname -n)"
say user "$(id -u)"
[ -r /etc/os-release ] && (
  . /etc/os-release
  say os "$ID|$VERSION_ID|$ID_LIKE|$PRETTY_NAME"
)
[ -d /run/systemd/system ] && say systemd yes
awk -v OFS='\t' '/^MemTotal:/ { print "memory", $2 }' /proc/meminfo
df -Pk /var/lib 2>/dev/null | awk -v OFS='\t' 'NR == 2 { print "disk", $4 " " $6 }'
ip -o addr show 2>/dev/null | awk -v OFS='\t' '$3 == "inet" || $3 == "inet6" { print "address", $2 " " $4 }'
ip -o link show 2>/dev/null | awk -F ': ' -v OFS='\t' '{ sub(/@.*/, "", $2); print "interface", $2 }'

if have dpkg-query; then
  dpkg-query -W -f='package\t${Package} ${Version} ${db:Status-Status}\n' $packages 2>/dev/null
elif have rpm; then
  rpm -q --qf 'package\t%{NAME} %{VERSION}-%{RELEASE} installed\n' $packages 2>/dev/null | grep "^package$tab"
fi
if have systemctl; then
  wanted=Id,LoadState,ActiveState,SubState,UnitFileState,LimitNOFILE,MainPID
  units=$(systemctl show -p $wanted $services 2>/dev/null | awk -v OFS='\t' -v RS= '{ gsub(/\n/, " "); print "service", $0 }')
  [ -n "$units" ] && printf '%s\n' "$units"
fi
(
  IFS='
' files=
  set -f
  for path in $paths; do
    [ -f "$path" ] && files="$files$path$IFS"
  done
  set -- $files
  [ $# -eq 0 ] && exit
  { stat -L -c '%a %U %G %n' -- "$@"; echo; sha256sum -- "$@"; } 2>/dev/null | awk -v OFS='\t' '
    $0 == "" { sums = 1; next }
    !sums { path = $0; sub(/^[^ ]+ [^ ]+ [^ ]+ /, "", path); whose[path] = $1 " " $2 " " $3; next }
    { path = substr($0, 67); if (path in whose) print "file", whose[path] " " $1 " " path }'
)
cookie=/var/lib/rabbitmq/.erlang.cookie
if [ -f $cookie ]; then
  sum=$(tr -d '\n' <$cookie | sha256sum)
  say cookie "$(stat -L -c '%a %U %G' $cookie) ${sum%% *}"
fi
pid=$(printf '%s\n' "$units" | sed -n '/Id=rabbitmq-server\.service/s/.*MainPID=\([0-9]*\).*/\1/p')
if [ "${pid:-0}" -gt 0 ] && [ -r "/proc/$pid/stat" ]; then
  awk -v now="${now%.*}" -v hz="$(getconf CLK_TCK 2>/dev/null || echo 100)" '
    NR == 1 { up = $1; next }
    { sub(/.*\) /, ""); printf "started\t%.2f\n", now - up + $20 / hz }' /proc/uptime "/proc/$pid/stat"
fi
if [ -f /run/warren/restart ]; then
  say restart "$(stat -c %Y /run/warren/restart) $(encoded /run/warren/restart)"
fi
grep -q '^# by warren' /usr/sbin/policy-rc.d 2>/dev/null && say policy ours
[ -f /etc/rabbitmq/enabled_plugins ] && say plugins "$(encoded /etc/rabbitmq/enabled_plugins)"
[ -f /etc/hosts ] && say hosts "$(encoded /etc/hosts)"
[ -f /etc/warren/secrets.json ] && say secrets "$(encoded /etc/warren/secrets.json)"

for folder in /var/lib/rabbitmq/mnesia/*@*/; do
  [ -d "$folder" ] || continue
  node=${folder%/}
  node=${node##*/}
  case $node in *-plugins-expand) continue ;; esac
  say data "$node $(encoded "${folder}cluster_nodes.config")"
  for vhost in "$folder"msg_stores/vhosts/*/; do
    [ -f "$vhost.vhost" ] || continue
    queues=0
    for queue in "$vhost"queues/*/; do [ -d "$queue" ] && queues=$((queues + 1)); done
    say vhost "$node $queues $(encoded "$vhost.vhost")"
  done
done
have ss && ss -Hltnp 2>/dev/null | awk -v ports="$ports" -v OFS='\t' '
  BEGIN { n = split(ports, list, " "); for (i = 1; i <= n; i++) wanted[list[i]] = 1 }
  {
    port = $4; sub(/.*:/, "", port)
    if (!(port in wanted)) next
    at = $4; sub(/:[^:]*$/, "", at)
    who = "?"; pid = 0
    if (match($0, /\(\("[^"]*"/)) who = substr($0, RSTART + 3, RLENGTH - 4)
    if (match($0, /pid=[0-9]+/)) pid = substr($0, RSTART + 4, RLENGTH - 4)
    print "listener", port " " at " " who " " pid
  }'
wait
say end yes
