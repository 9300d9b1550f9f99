title "connect, get 4 KiB, close"
command[ours]="load --close native, in C, 64 at once, 2 threads"
command[late]="load --close-late native: the server is not told with the request that it is the only one"
command[nginx]="nginx; load --close http, the same program"
command[wrk]="nginx; wrk -t2 -c64, Connection: close"

ours() { "$limit/load" --close --connections 64 --seconds "$seconds" native "$main_port" small | field rate; }
late() { "$limit/load" --close-late --connections 64 --seconds "$seconds" native "$main_port" small | field rate; }
nginx() { "$limit/load" --close --connections 64 --seconds "$seconds" http "$nginx_port" small | field rate; }
wrk() {
    command wrk -t2 -c64 -d"${seconds}s" -H 'Connection: close' "http://127.0.0.1:$nginx_port/small" | sed -n 's/^Requests.sec: *//p'
}

compare ours late nginx wrk
table connections/s ours late nginx wrk
bar "connections of nginx, at least 1" "$(ratio ours nginx)" ">=" 1
bar "connections of nginx as wrk counts them, at least 1" "$(ratio ours wrk)" ">=" 1
