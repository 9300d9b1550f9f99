title "tree of $files files of 4 KiB, put"
command[ours]="trainyard put -r tree/ URL, XXH128 compared; fsync(2) of the server left out (without_fsync)"
command[durable]="trainyard put -r tree/ URL, as it is: the server waits for the disk for every file"
command[jobs]="trainyard put -r -j 8 tree/ URL, waiting for the disk"
command[rsync]="rsync -a to rsyncd, which does not wait for the disk"
# Every file stays until the end, and on many disks it takes long to remove them.
rounds=$((rounds < 3 ? rounds : 3))

# Each into a directory of its own, which stays: where many files were removed just before, ext4 is slow to make new ones.
fresh() { new=put-tree/$round.${FUNCNAME[1]} && mkdir -p "$work/up/$new"; }
whole() { ((round > 0)) || diff -r "$root/tree" "$work/up/$new/tree" >&2; }
ours() { fresh && timed "$ours/trainyard" put -q -r "$root/tree/" "$swift/$new/tree" && whole; }
durable() { fresh && timed "$ours/trainyard" put -q -r "$root/tree/" "$durable/$new/tree" && whole; }
jobs() { fresh && timed "$ours/trainyard" put -q -r -j 8 "$root/tree/" "$durable/$new/tree" && whole; }
rsync() { fresh && timed command rsync -a "$root/tree/" "rsync://127.0.0.1:$rsync_port/up/$new/tree/" && whole; }

compare ours durable jobs rsync
table seconds ours durable jobs rsync
bar "without fsync: faster than rsync to rsyncd" "$(ratio rsync ours)" ">=" 1
bar "as it is: faster than rsync to rsyncd" "$(ratio rsync durable)" ">=" 1
