# What a host reaches and hears on its network, in one round trip. It changes nothing. Before it stand: targets
# (words ADDRESS/PORT), and own, the address at whose network VRRP is listened for, or nothing.
# Prints, a key and a tab before: blocked ADDRESS/PORT REASON; vrrp ADDRESS VRID; deaf, where nothing can listen.
# shellcheck shell=sh disable=SC2154,SC2016
say() { printf '%s\t%s\n' "$1" "$2"; }
have() { command -v "$1" >/dev/null 2>&1; }

# A refusal came from the other host: nothing stands in between.
if have bash; then
  for target in $targets; do
    {
      said=$(timeout 5 bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "${target%/*}" "${target##*/}" 2>&1)
      case "$?:$said" in
        0:* | *refused*) ;;
        124:*) say blocked "$target no answer in 5 s" ;;
        *) say blocked "$target $(printf '%s' "$said" | sed -n '1s/.*: //p')" ;;
      esac
    } &
  done
fi

# An advertisement comes once a second.
if [ -n "$own" ]; then
  if have perl; then
    perl -MSocket -e '
      socket(S, PF_INET, SOCK_RAW, 112) or exit 1;
      setsockopt(S, 0, 35, inet_aton("224.0.0.18") . inet_aton($ARGV[0]));
      vec($wanted = "", fileno(S), 1) = 1;
      for (my ($n, $left) = (1, 1.2); $n; ) {
        ($n, $left) = select(my $ready = $wanted, undef, undef, $left);
        next unless $n > 0 && defined recv(S, my $packet, 1500, 0);
        my $head = 4 * (ord($packet) & 15);
        my $line = inet_ntoa(substr $packet, 12, 4) . " " . ord(substr $packet, $head + 1, 1);
        print "vrrp\t$line\n" unless $seen{$line}++;
      }' "$own"
  elif have python3; then
    python3 -c '
import select, socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
s.setsockopt(0, 35, socket.inet_aton("224.0.0.18") + socket.inet_aton(sys.argv[1]))
end, seen = time.monotonic() + 1.2, set()
while select.select([s], [], [], max(0, end - time.monotonic()))[0]:
    packet = s.recv(1500)
    line = "%s %d" % (socket.inet_ntoa(packet[12:16]), packet[4 * (packet[0] & 15) + 1])
    if line not in seen: print("vrrp\t" + line)
    seen.add(line)' "$own"
  else
    say deaf yes
  fi
fi
wait
