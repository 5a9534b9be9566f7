#!/bin/sh
# A throwaway root, called by `unshare --mount`: the machine as it is, with whatever is written kept in memory; then systemd
# in it, with processes, a network and a host name of its own. What it does reaches nothing outside, and is gone with it.
# root.sh <folder for it> <the project> <the folder with the packages>
set -eu
memory=$1
project=$2
packages=$3
root=$memory/root

mount -t tmpfs -o mode=755 tmpfs "$memory"
mkdir "$memory/upper" "$memory/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$memory/upper,workdir=$memory/work" "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/mnt"
mkdir "$root/mnt/project" "$root/mnt/packages"
mount --bind "$project" "$root/mnt/project"
mount --bind "$packages" "$root/mnt/packages"
mount -o remount,bind,ro "$root/mnt/project"
mount -o remount,bind,ro "$root/mnt/packages"

# Devices of its own: the console and the disks are not for it.
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
for device in null zero full random urandom tty; do cp -a "/dev/$device" "$root/dev/"; done

# Proxies from the system's packages, if they can be had. Nothing is started yet.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
mount -t proc proc "$root/proc"
chroot "$root" sh -c '
  export DEBIAN_FRONTEND=noninteractive
  install() { apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io nginx-light caddy; }
  install || { apt-get update && install; }
' > "$packages/apt.log" 2>&1 || true
umount "$root/proc"
rm "$root/usr/sbin/policy-rc.d"

# Nothing of the machine starts but what the test asks for: devices, kernel and mounts are not the business of a container.
for unit in systemd-udevd.service systemd-udev-trigger.service systemd-modules-load.service systemd-sysctl.service \
  systemd-binfmt.service systemd-remount-fs.service tmp.mount proc-sys-fs-binfmt_misc.automount; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
echo '127.0.0.1 localhost attendance.example.org' > "$root/etc/hosts"

export root
exec unshare --pid --fork --kill-child --uts --ipc --net --cgroup sh -euc '
  mount -t proc proc "$root/proc"
  mount --bind "$root/proc/sys" "$root/proc/sys"
  mount -o remount,bind,ro "$root/proc/sys"
  mount -t sysfs -o ro sysfs "$root/sys"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
  ip link set lo up
  cd "$root"
  mkdir -p .outside
  pivot_root . .outside
  umount -l .outside
  exec env -i container=rollbook-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --unit=basic.target --log-target=journal --show-status=false
'
