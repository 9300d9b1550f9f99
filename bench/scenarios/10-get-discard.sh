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
# Our own client always verifies; what transfers without that is the server, to a client that compares nothing.
bar "nothing verified: throughput of the C limit, at least 0.90" "$(ratio limit server)" ">=" 0.90
bar "faster than nginx with curl, at least 2" "$(ratio nginx ours)" ">=" 2
