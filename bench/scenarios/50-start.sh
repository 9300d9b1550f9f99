title "start with 4 workers"
command[ready]="from the start of trainyard-server serve --processes 4 to the first byte of an answer"

start() {
    coproc FIRST { exec "$limit/first_byte" small "$ours/trainyard-server" serve "$root" --listen 127.0.0.1:0 --control none --quiet --processes 4; }
    local said first=$FIRST_PID into=${FIRST[1]} from=${FIRST[0]}
    read -r said <&"$from"
    "$@" "$said"
    exec {into}>&-
    wait "$first"
}
ready() { start ready_after; }
ready_after() { field milliseconds <<< "$1"; }
private_of() {
    local server
    server=$(field pid <<< "$1")
    # Until the workers have settled.
    sleep 1
    for worker in $(pgrep -P "$server"); do memory 'Private_Clean|Private_Dirty' "$worker"; done | middle
}

compare ready
table milliseconds ready
private=$(start private_of)
note "Private memory of an idle worker: $private MiB."
bar "milliseconds to the first byte, under 30" "$(median ready)" "<=" 30
bar "MiB of private memory of an idle worker, under 6" "$private" "<=" 6
