title "requests by number of connections"
command[16]="load native, --slots 8192: 16 connections"
command[256]="256 connections"
command[4096]="4,096 connections"
command[nginx]="nginx, 4,096 connections; load http"

serve many --slots 8192 --backlog 8192 "$root"
many() { "$limit/load" --connections "$1" --seconds "$seconds" native "$port" small | field rate; }
16() { many 16; }
256() { many 256; }
4096() { many 4096; }
nginx() { "$limit/load" --connections 4096 --seconds "$seconds" http "$nginx_port" small | field rate; }

compare 16 256 4096 nginx
table requests/s 16 256 4096 nginx
bar "at 256: rate at 16, at least 0.8" "$(ratio 256 16)" ">=" 0.8
bar "at 4,096: rate at 16, at least 0.8" "$(ratio 4096 16)" ">=" 0.8
