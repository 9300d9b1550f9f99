title "$size MiB get, into a file"
command[ours]="trainyard get URL FILE, XXH128 compared, fsync(2) left out (without_fsync)"
command[durable]="trainyard get URL FILE, as it is: waits for the disk"
command[cp]="cp"
command[copied]="cp, then sync FILE"
command[limit]="send_whole by sendfile; receive --preallocate, in C"
command[copy]="copy --in-kernel, in C: fallocate, copy_file_range"
command[nginx]="nginx, curl -o FILE"
command[rsync]="rsync from rsyncd"

fresh() { rm -rf "$work/got" && mkdir "$work/got" && sync "$work/got"; }
whole() { ((round > 0)) || cmp "$root/large" "$work/got/large" >&2; }
ours() { fresh && timed "$limit/without_fsync" "$ours/trainyard" get -q "$url/large" "$work/got/large" && whole; }
durable() { fresh && timed "$ours/trainyard" get -q "$url/large" "$work/got/large" && whole; }
cp() { fresh && timed command cp "$root/large" "$work/got/large"; }
copied() { fresh && timed copy_and_sync; }
copy_and_sync() { command cp "$root/large" "$work/got/large" && sync "$work/got/large"; }
limit() { fresh && timed "$limit/receive" --preallocate 127.0.0.1 "$sender_port" whole "$work/got/large"; }
copy() { fresh && timed "$limit/copy" --in-kernel "$root/large" "$work/got/large"; }
nginx() { fresh && timed curl -s -f -o "$work/got/large" "http://127.0.0.1:$nginx_port/large"; }
rsync() { fresh && timed command rsync "rsync://127.0.0.1:$rsync_port/root/large" "$work/got/large" && whole; }

compare ours durable cp copied limit copy nginx rsync
table seconds ours durable cp copied limit copy nginx rsync
bar "time of cp, at most 1.15" "$(ratio ours cp)" "<=" 1.15
bar "faster than nginx with curl, at least 3" "$(ratio nginx ours)" ">=" 3
bar "faster than rsyncd, at least 3" "$(ratio rsync ours)" ">=" 3
bar "with the disk: time of cp and sync, at most 1.15" "$(ratio durable copied)" "<=" 1.15
rm -rf "$work/got"
