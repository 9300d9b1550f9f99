title "$size MiB put, into a file"
command[ours]="trainyard put FILE URL, XXH128 compared; fsync(2) of the server left out (without_fsync)"
command[durable]="trainyard put FILE URL, as it is: the server waits for the disk"
command[get]="trainyard get of the same, fsync(2) left out"
command[cp]="cp"
command[copied]="cp, then sync FILE"
command[rsync]="rsync to rsyncd"

fresh() { rm -rf "$work/got" "$work/up/new" && mkdir "$work/got" "$work/up/new" && sync "$work/got"; }
whole() { ((round > 0)) || cmp "$root/large" "$work/up/new/large" >&2; }
ours() { fresh && timed "$ours/trainyard" put -q "$root/large" "$swift/new/large" && whole; }
durable() { fresh && timed "$ours/trainyard" put -q "$root/large" "$durable/new/large" && whole; }
get() { fresh && timed "$limit/without_fsync" "$ours/trainyard" get -q "$url/large" "$work/got/large"; }
cp() { fresh && timed command cp "$root/large" "$work/got/large"; }
copied() { fresh && timed copy_and_sync; }
copy_and_sync() { command cp "$root/large" "$work/got/large" && sync "$work/got/large"; }
rsync() { fresh && timed command rsync "$root/large" "rsync://127.0.0.1:$rsync_port/up/new/large" && whole; }

compare ours durable get cp copied rsync
table seconds ours durable get cp copied rsync
bar "time of get, at most 1.3" "$(ratio ours get)" "<=" 1.3
bar "time of cp, at most 1.5 (1.15 x 1.3)" "$(ratio ours cp)" "<=" 1.5
bar "faster than rsyncd, at least 2.3 (3 / 1.3)" "$(ratio rsync ours)" ">=" 2.3
bar "with the disk: time of cp and sync, at most 1.5" "$(ratio durable copied)" "<=" 1.5
rm -rf "$work/got" "$work/up/new"
