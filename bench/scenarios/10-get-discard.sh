title "$size MiB get, into /dev/null"
command[ours]="trainyard get URL - > /dev/null, XXH128 compared"
command[server]="our server alone: fetch, in C, splices into /dev/null and compares nothing"
command[limit]="send_whole, in C, by sendfile; receive splices into /dev/null"
command[nginx]="nginx, curl -o /dev/null"

ours() { timed "$ours/trainyard" get -q "$url/large" -; }
server() { timed "$limit/fetch" "$main_port" large; }
limit() { timed "$limit/receive" --splice 127.0.0.1 "$sender_port" whole -; }
nginx() { timed curl -s -f -o /dev/null "http://127.0.0.1:$nginx_port/large"; }

compare ours server limit nginx
table seconds ours server limit nginx
# Nobody has to verify here, but our own client always does.
bar "throughput of the C limit, at least 0.90" "$(ratio limit ours)" ">=" 0.90
bar "our server alone: throughput of the C limit, at least 0.90" "$(ratio limit server)" ">=" 0.90
bar "faster than nginx with curl, at least 2" "$(ratio nginx ours)" ">=" 2
