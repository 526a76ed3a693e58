#!/bin/sh
# Builds what test/lab/image.ts describes into a folder, in a mount namespace of its own:
#   image.sh FOLDER SUITE SYSTEM,PACKAGES "PACKAGES OF THE FOLDER"
# FOLDER/sources names the mirrors.
set -eu
folder=$1 suite=$2 system=$3 packages=$4
base=$folder/base repository=$folder/packages
export DEBIAN_FRONTEND=noninteractive

mkdir -p "$repository"
eval "$(apt-config shell proxy Acquire::http::Proxy)"
mmdebstrap --quiet --variant=minbase --include="$system" \
  ${proxy:+--aptopt="Acquire::http::Proxy \"$proxy\";"} \
  --customize-hook="chroot \"\$1\" apt-get install -qq -y --no-install-recommends --download-only $packages" \
  --customize-hook="mv \"\$1\"/var/cache/apt/archives/*.deb $repository/" \
  "$suite" "$base" "$folder/sources"

(cd "$repository" && dpkg-scanpackages --multiversion . >Packages 2>/dev/null)
rm -rf "$base"/etc/apt/sources.list.d/* "$base"/var/lib/apt/lists/* "$base"/etc/resolv.conf
echo 'deb [trusted=yes] file:/srv/repo ./' >"$base/etc/apt/sources.list"
mkdir -p "$base/srv/repo"

# Every host gets keys and an identity of its own; what Debian does by the clock would disturb tests.
rm -f "$base"/etc/ssh/ssh_host_*
: >"$base/etc/machine-id"
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer; do
  ln -sf /dev/null "$base/etc/systemd/system/$unit"
done

# The layer above: installed by the packages' own scripts, then told not to start at boot.
layer=$folder/installed root=$folder/root
mkdir -p "$layer" "$folder/work" "$root"
if mount -t overlay overlay -o "lowerdir=$base,upperdir=$layer,workdir=$folder/work" "$root"; then
  copied=
else
  copied=yes
  rm -rf "$layer" "$root"
  cp -a "$base" "$layer"
  ln -s installed "$root"
fi
mount --bind "$repository" "$root/srv/repo"
mount -t proc proc "$root/proc"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
chroot "$root" apt-get -qq update
# shellcheck disable=SC2086 # a list of packages
chroot "$root" apt-get -qq -y --no-install-recommends install $packages >"$folder/install.log" 2>&1
chroot "$root" systemctl --quiet disable rabbitmq-server haproxy keepalived epmd.socket
rm -rf "$root/usr/sbin/policy-rc.d" "$root"/var/lib/apt/lists/*
umount "$root/proc" "$root/srv/repo"
[ -n "$copied" ] || umount "$root"
rm -rf "$root" "$folder/work" "$folder/sources"
