title "4 KiB gets, 64 connections kept"
command[ours]="load native, in C, 2 threads"
command[nginx]="nginx with open_file_cache; load http, the same program"
command[wrk]="nginx with open_file_cache; wrk -t2"

ours() { "$limit/load" --connections 64 --seconds "$seconds" native "$main_port" small | field rate; }
nginx() { "$limit/load" --connections 64 --seconds "$seconds" http "$nginx_port" small | field rate; }
wrk() { command wrk -t2 -c64 -d"${seconds}s" "http://127.0.0.1:$nginx_port/small" | sed -n 's/^Requests.sec: *//p'; }

compare ours nginx wrk
table requests/s ours nginx wrk
bar "requests of nginx, at least 1.2" "$(ratio ours nginx)" ">=" 1.2
bar "requests of nginx as wrk counts them, at least 1.2" "$(ratio ours wrk)" ">=" 1.2
