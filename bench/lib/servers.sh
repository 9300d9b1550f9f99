# Servers on loopback, each in its own process, ended by its number.
url= durable=

# A server of ours: serve NAME OPTION...; its process is then in "$server", its port in "$port". "$serve_with" stands before its command.
serve() {
    local name=$1
    shift
    start_ours "$name" ${serve_with:-} "$ours/trainyard-server" serve --listen 127.0.0.1:0 --control none --quiet "$@"
}

# start_ours NAME COMMAND...: waits until it says where it listens.
start_ours() {
    local said=$work/$1.listening
    shift
    : > "$said"
    "$@" > "$said" 2>>"$work/errors" &
    server=$!
    pids+=("$server")
    until grep -qE '127.0.0.1:[0-9]+' "$said"; do alive "$server"; sleep 0.02; done
    port=$(grep -oE '127\.0\.0\.1:[0-9]+' "$said" | head -n 1 | cut -d: -f2)
}

start_peers() {
    serve durable "$work/up" && durable=train://127.0.0.1:$port
    serve_with="$limit/without_fsync" serve swift "$work/up" && swift=train://127.0.0.1:$port
    serve main "$root" && url=train://127.0.0.1:$port main=$server main_port=$port
    nginx_port=$(free_port)
    cat > "$work/nginx.conf" <<END
daemon off;
worker_processes auto;
worker_rlimit_nofile $(ulimit -n);
error_log $work/nginx.log;
pid $work/nginx.pid;
events { worker_connections 10240; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 1h;
    keepalive_requests 1000000000;
    open_file_cache max=20000 inactive=1h;
    client_body_temp_path $work/nginx-body;
    proxy_temp_path $work/nginx-proxy;
    fastcgi_temp_path $work/nginx-fastcgi;
    uwsgi_temp_path $work/nginx-uwsgi;
    scgi_temp_path $work/nginx-scgi;
    server { listen 127.0.0.1:$nginx_port backlog=4096; root $root; }
}
END
    # Its workers run as somebody who may read what lies in a private directory, where this runs as root.
    if ((EUID == 0)); then sed -i '1i user root;' "$work/nginx.conf"; fi
    nginx -p "$work" -c "$work/nginx.conf" 2>>"$work/errors" &
    nginx=$!
    pids+=("$nginx")
    wait_for "$nginx" "$nginx_port"
    rsync_port=$(free_port)
    printf 'use chroot = no\n[root]\npath = %s\n[up]\npath = %s\nread only = no\n' "$root" "$work/up" > "$work/rsyncd.conf"
    if ((EUID == 0)); then sed -i '1i uid = root\ngid = root' "$work/rsyncd.conf"; fi
    rsync --daemon --no-detach --config "$work/rsyncd.conf" --address 127.0.0.1 --port "$rsync_port" --log-file "$work/rsyncd.log" &
    pids+=($!)
    wait_for $! "$rsync_port"
    start_c sender --cubic "$root/large" && sender_port=$port
}

# start_c NAME OPTION...: the minimal sender in C.
start_c() {
    local said=$work/$1.listening
    shift
    : > "$said"
    "$limit/send_whole" "$@" > "$said" 2>/dev/null &
    server=$!
    pids+=("$server")
    until grep -q . "$said"; do alive "$server"; sleep 0.02; done
    port=$(< "$said")
}

# For peers that cannot be told to take any port.
free_port() {
    local port
    for port in $(shuf -i 20000-32000 -n 100); do
        if ! listens "$port"; then echo "$port" && return; fi
    done
}

listens() { awk -v port="$(printf '%04X' "$1")" '$4 == "0A" && $2 ~ ":" port "$" { found = 1 } END { exit !found }' /proc/net/tcp; }

wait_for() { until listens "$2"; do alive "$1"; sleep 0.02; done; }

alive() { kill -0 "$1" || { echo "a server ended: see below" >&2 && tail -n 5 "$work/errors" >&2 && exit 1; }; }

stop() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

stop_servers() {
    local pid
    for pid in "${pids[@]}"; do stop "$pid"; done
    pids=()
}

finish() {
    stop_servers
    rm -rf "$work"
}
