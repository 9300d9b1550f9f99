title "tree of $files files of 4 KiB, get"
command[ours]="trainyard get -r URL/tree/ DIR, XXH128 compared, times and modes kept"
command[rsync]="rsync -a from rsyncd"
command[tar]="tar c, nc; nc, tar x"
# Every file stays until the end, and on many disks it takes long to remove them.
rounds=$((rounds < 3 ? rounds : 3))

# Each into a directory of its own, which stays: where many files were removed just before, ext4 is slow to make new ones.
fresh() { got=$work/got-tree/$round.${FUNCNAME[1]} && mkdir -p "$got"; }
whole() { ((round > 0)) || diff -r "$root/tree" "$got/tree" >&2; }
ours() { fresh && timed "$ours/trainyard" get -q -r "$url/tree/" "$got/tree" && whole; }
rsync() { fresh && timed command rsync -a "rsync://127.0.0.1:$rsync_port/root/tree/" "$got/tree/" && whole; }
tar() {
    fresh
    local port
    port=$(free_port)
    command tar -C "$root" -c tree | nc -N -l 127.0.0.1 "$port" &
    wait_for $! "$port"
    timed untar "$port"
    whole
}
untar() { nc -d 127.0.0.1 "$1" | command tar -C "$got" -x; }

compare ours rsync tar
table seconds ours rsync tar
bar "faster than rsyncd" "$(ratio rsync ours)" ">=" 1
bar "faster than tar over nc" "$(ratio tar ours)" ">=" 1
