title "textbook dialects, $((size / 2)) MiB, to the same C receiver that discards"
for dialect in whole sized trains; do
    command[$dialect]="trainyard-server textbook --dialect $dialect"
    command[c_$dialect]="send_whole, in C, $dialect"
done
command[pair]="trains: trainyard-server textbook, trainyard textbook --hash none, into a file"
command[c_pair]="trains: send_whole --trains, receive --simple, into a file"

head -c $((size << 19)) "$root/large" > "$work/cargo"
for dialect in whole sized trains; do
    start_ours "book-$dialect" "$ours/trainyard-server" textbook 127.0.0.1 0 2 --file "$work/cargo" --dialect "$dialect" --control none --quiet
    declare "port_$dialect=$port"
done
start_c c_whole --cubic "$work/cargo" && c_whole=$port
start_c c_sized --cubic --sized "$work/cargo" && c_sized=$port
start_c c_trains --cubic --trains "$work/cargo" && c_trains=$port
take() { "$limit/receive" 127.0.0.1 "$1" "$2" - | field seconds; }
whole() { take "$port_whole" whole; }
sized() { take "$port_sized" sized; }
trains() { take "$port_trains" trains; }
c_whole() { take "$c_whole" whole; }
c_sized() { take "$c_sized" sized; }
c_trains() { take "$c_trains" trains; }
fresh() { rm -rf "$work/got" && mkdir "$work/got" && sync "$work/got"; }
pair() { fresh && timed "$ours/trainyard" textbook 127.0.0.1 "$port_trains" -q --hash none -o "$work/got" && same; }
c_pair() { fresh && timed "$limit/receive" --simple 127.0.0.1 "$c_trains" trains "$work/got/cargo" && same; }
same() { ((round > 0)) || cmp "$work/cargo" "$work/got/cargo" >&2; }

compare whole c_whole sized c_sized trains c_trains pair c_pair
table seconds whole c_whole sized c_sized trains c_trains pair c_pair
for dialect in whole sized trains; do
    bar "$dialect: throughput of the C server, at least 1" "$(ratio "c_$dialect" "$dialect")" ">=" 1
done
bar "trains, both ends: faster than the C pair, at least 3" "$(ratio c_pair pair)" ">=" 3
rm -rf "$work/got" "$work/cargo"
