#!/bin/sh
# Boots one host in the foreground, in a mount namespace of its own, so that its
# mounts go with its last process:
#   boot.sh FOLDER LAYERS NAME NAMESPACE CGROUP PACKAGES SIZE
# FOLDER holds root (a mount point), and disk (upper and work) or, without overlayfs,
# a root that was copied. LAYERS is overlayfs's lowerdir, or empty for a copied root.
# SIZE is the room on its disk, or empty for this machine's.
set -eu
folder=$1 layers=$2 name=$3 namespace=$4 cgroup=$5 packages=$6 size=$7

# A control group of its own in each hierarchy (hosts that share one see each other's
# services); FOLDER/groups tells who clears up where they are.
groups=$(cat /proc/self/cgroup)
: >"$folder/groups"
while IFS=: read -r _ controllers path; do
  case $controllers in
    '') for mount in /sys/fs/cgroup/unified /sys/fs/cgroup; do [ -e "$mount/cgroup.procs" ] && break; done ;;
    *) mount=/sys/fs/cgroup/${controllers#name=} ;;
  esac
  group=$mount/$path/$cgroup
  mkdir -p "$group" 2>/dev/null || continue
  echo "$group" >>"$folder/groups"
  for file in cpuset.cpus cpuset.mems; do
    [ ! -e "$group/$file" ] || [ -e "$group/cgroup.controllers" ] || cat "$mount/$path/$file" >"$group/$file"
  done
  echo $$ >"$group/cgroup.procs"
done <<EOF
$groups
EOF

if [ -n "$size" ]; then
  mount -t tmpfs -o "size=$size" tmpfs "$folder/disk.small"
  cp -a "$folder/disk/." "$folder/disk.small/"
  disk=$folder/disk.small
else
  disk=$folder/disk
fi
[ -z "$layers" ] ||
  mount -t overlay overlay -o "lowerdir=$layers,upperdir=$disk/upper,workdir=$disk/work" "$folder/root"

# Its own network settings are a host's to change, as on a real one.
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
exec systemd-nspawn --quiet --boot --directory="$folder/root" --machine="$cgroup" --hostname="$name" \
  --register=no --keep-unit --console=pipe --resolv-conf=off --timezone=off --link-journal=no \
  --network-namespace-path="/run/netns/$namespace" --capability=CAP_NET_ADMIN,CAP_NET_RAW \
  --bind-ro="$packages:/srv/repo"
