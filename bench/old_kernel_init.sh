#!/bin/busybox sh
# The first process of the guest that bench/old_kernel.py boots. Says everything on the console, between lines that begin
# with @@, and powers off.
/bin/busybox --install -s /bin
export PATH=/bin:/davy/bin LC_ALL=C HOME=/ TMPDIR=/tmp
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /tmp
mount -t tmpfs tmpfs /run
echo 1 >/proc/sys/kernel/printk
exec >/dev/console 2>&1 </dev/null
for name in inet_diag tcp_diag; do [ -e /modules/$name.ko ] && insmod /modules/$name.ko; done
ip link set lo up
. /looks.conf
LIMIT=240 # seconds for one look and for a twin to come up

uptime_seconds() { cut -d. -f1 /proc/uptime; }

look() { # name, the twin's pid, command...
  name=$1 pid=$2
  shift 2
  echo "@@ look $name $pid"
  timeout $LIMIT "$@" 2>/tmp/said
  status=$?
  cat /tmp/said
  echo "@@ end $status"
}

wait_for() { # word, file: the number behind the word
  for _ in $(seq $LIMIT); do
    grep -q "^$1 " "$2" && break
    sleep 1
  done
  sed -n "s/^$1 \([0-9]*\).*/\1/p" "$2"
}

start_twin() { # name, words for `mine`...
  title=$1 started=$(uptime_seconds)
  shift
  davy-drill pool --seconds "$seconds" >/tmp/pool &
  pool=$!
  davy-drill mine --pool "127.0.0.1:$(wait_for port /tmp/pool)" --seconds "$seconds" "$@" >/tmp/mine &
  miner=$!
  twin=$(wait_for ready /tmp/mine)
  echo "@@ $title $(($(uptime_seconds) - started))"
}

end_twin() {
  kill $miner $pool
  wait $miner $pool
  rm -f /tmp/pool /tmp/mine
}

check="davy check --format jsonl --for $observe"
echo "@@ kernel $(uname -r)"
echo "@@ saves $(grep -o -w -E 'xsave[a-z]*' /proc/cpuinfo | sort -u | xargs)"
echo "@@ booted $(uptime_seconds)"
look idle 0 $check
start_twin readable
look readable "${twin:-0}" $check
end_twin
start_twin scrubbed --scrub
look scrubbed "${twin:-0}" $check
look bind-mount "${twin:-0}" davy-drill hide bind-mount --pid "${twin:-0}" -- $check
end_twin
echo "@@ done $(uptime_seconds)"
poweroff -f
