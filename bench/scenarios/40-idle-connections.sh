title "10,000 idle connections"
command[ours]="master and workers, --slots 8192: proportional memory (Pss), each connection had one get"
command[nginx]="nginx, the same over keep-alive"
rounds=1

serve idle --slots 8192 --backlog 8192 "$root"
held() {
    coproc HOLD { exec "$limit/hold" "$1" "$2" small 10000; }
    local said holder=$HOLD_PID
    read -r said <&"${HOLD[0]}"
    [ "$said" = held=10000 ]
    # Until they are idle, and not only done: for half a second each may ask again.
    sleep 4
    memory Pss "$3"
    kill "$holder" && wait "$holder" || true
}
ours() { held native "$port" "$server"; }
nginx() { held http "$nginx_port" "$nginx"; }

compare ours nginx
table MiB ours nginx
bar "memory of nginx, at most 1" "$(ratio ours nginx)" "<=" 1
