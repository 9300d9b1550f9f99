# The report: one table of bars, a section a scenario, a chart.
reports=$work/reports
mkdir -p "$reports"
declare -A command

title() { printf '%s' "$1" > "$reports/$scenario.title"; }

note() { printf '\n%s\n' "$1" >> "$reports/$scenario.md"; }

# table UNIT SIDE...: what each took, and how many times as fast the first one is.
table() {
    local unit=$1 first=$2 side ratio
    shift
    {
        printf '| | %s | least to most | the first is |\n| --- | --- | --- | --- |\n' "$unit"
        for side in "$@"; do
            case $unit in
                seconds | milliseconds | MiB) ratio=$(ratio "$side" "$first") ;;
                *) ratio=$(ratio "$first" "$side") ;;
            esac
            printf '| %s | %s | %s to %s | %s |\n' "${command[$side]}" "$(shown "$(median "$side")")" "$(shown "$(least "$side")")" \
                "$(shown "$(most "$side")")" "$([ "$side" = "$first" ] || printf '%.2f x' "$ratio")"
            printf '%s\t%s\t%s\t%s\t%s\n' "$scenario" "$side" "$unit" "$(median "$side")" "$(< "$reports/$scenario.title")" >> "$work/chart"
        done
    } >> "$reports/$scenario.md"
}

# bar TEXT FIGURE RELATION LIMIT: what it must show, and whether it does.
bar() {
    awk -v text="$1" -v figure="$2" -v relation="$3" -v limit="$4" -v title="$(< "$reports/$scenario.title")" 'BEGIN {
        holds = relation == ">=" ? figure >= limit : figure <= limit
        printf "| %s | %s | %.2f | %s |\n", title, text, figure, holds ? "yes" : "**no**"
    }' >> "$work/bars"
}

failed() {
    touch "$work/failed"
    echo "$scenario failed:" >&2
    tail -n 5 "$work/errors" >&2
    printf '| %s | | | **failed** |\n' "$scenario" >> "$work/bars"
}

shown() { awk -v figure="$1" 'BEGIN { printf figure < 100 ? "%.3f" : "%.0f", figure }'; }

report() {
    local path name
    printf '`bench/run --rounds %s --size %s --files %s --seconds %s` on %s: ' "$rounds" "$size" "$files" "$seconds" "$(date +%F)"
    printf '%s, %s cores, %s GiB, %s, Linux %s.\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
        "$(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)" "$(df --output=fstype "$directory" | tail -n 1)" "$(uname -r)"
    printf 'Native AOT by SDK %s, gcc %s, %s, ' "$(dotnet --version)" "$(gcc -dumpfullversion)" "$(nginx -v 2>&1 | sed 's/.*: //')"
    printf 'rsync %s, wrk %s, ' "$(rsync --version | awk 'NR == 1 { print $3 }')" "$(wrk -v 2>&1 | awk 'NR == 1 { print $2 }')"
    printf 'curl %s; congestion control: %s.\n' "$(curl --version | awk 'NR == 1 { print $2 }')" "$(< /proc/sys/net/ipv4/tcp_congestion_control)"
    printf 'Medians; each ratio is the median of the ratios of one round.\n\n![chart](benchmarks.svg)\n\n'
    printf '| scenario | it must show | it shows | holds |\n| --- | --- | --- | --- |\n'
    cat "$work/bars"
    for path in bench/scenarios/*.sh; do
        name=$(basename "$path" .sh)
        name=${name#*-}
        [ -e "$reports/$name.md" ] || continue
        printf '\n### %s\n\n' "$(< "$reports/$name.title")"
        cat "$reports/$name.md"
    done
}

# write_report DOCUMENT CHART: puts the report between the markers of the document.
write_report() {
    report > "$work/report.md"
    awk -v report="$work/report.md" '
        /<!-- bench\/run: end/ { skip = 0 }
        !skip { print }
        /<!-- bench\/run: begin/ { skip = 1; while ((getline line < report) > 0) print line }' "$1" > "$work/document.md"
    cat "$work/document.md" > "$1"
    awk -f bench/lib/chart.awk "$work/chart" > "$2"
    echo "written to $1 and $2" >&2
}
