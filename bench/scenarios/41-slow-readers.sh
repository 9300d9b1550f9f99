title "$size MiB get beside 1,000 slow readers"
command[alone]="fetch, in C, into /dev/null"
command[among]="the same while 1,000 connections take 20 KB/s each of the same file"
command[nginx_alone]="nginx, curl -o /dev/null"
command[nginx_among]="the same while 1,000 connections take 20 KB/s each from nginx"

alone() { "$limit/fetch" "$main_port" large | field seconds; }
among() { beside native "$main_port" alone; }
nginx_alone() { timed curl -s -f -o /dev/null "http://127.0.0.1:$nginx_port/large"; }
nginx_among() { beside http "$nginx_port" nginx_alone; }
beside() {
    coproc HOLD { exec "$limit/hold" --slow 20000 "$1" "$2" large 1000; }
    local said holder=$HOLD_PID
    read -r said <&"${HOLD[0]}"
    [ "$said" = held=1000 ]
    # Until their first windows are full: from then on they are only slow.
    sleep 2
    "$3"
    kill "$holder" && wait "$holder" || true
}

compare alone among nginx_alone nginx_among
table seconds alone among nginx_alone nginx_among
bar "time of alone, at most 1.2" "$(ratio among alone)" "<=" 1.2
