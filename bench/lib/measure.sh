# Sides of a scenario, measured in turn, round by round: a machine that is busy for a while is so for all of them.
results=$work/results
mkdir -p "$results"

# compare SIDE...: each is a function that prints one figure. The first round only warms up; every other round goes backwards.
compare() {
    local round side figure order
    for ((round = 0; round <= rounds; round++)); do
        order=("$@")
        if ((round % 2 == 1)); then mapfile -t order < <(printf '%s\n' "$@" | tac); fi
        for side in "${order[@]}"; do
            figure=$("$side")
            if ((round > 0)); then echo "$figure" >> "$results/$scenario.$side"; fi
        done
    done
}

# timed COMMAND...: prints the seconds that it took.
timed() {
    local began=${EPOCHREALTIME/./} took
    "$@" >/dev/null 2>>"$work/errors"
    took=$((${EPOCHREALTIME/./} - began))
    printf '%d.%06d\n' $((took / 1000000)) $((took % 1000000))
}

# field NAME: the figure of that name in `name=figure ...` on standard input.
field() { grep -oE "\b$1=[0-9.]+" | cut -d= -f2; }

middle() { sort -g | awk '{ line[NR] = $1 } END { print (line[int((NR + 1) / 2)] + line[int(NR / 2) + 1]) / 2 }'; }

median() { middle < "$results/$scenario.$1"; }

# ratio SIDE SIDE: of the figures of one round each, and of these the median.
ratio() { paste "$results/$scenario.$1" "$results/$scenario.$2" | awk '{ print $1 / $2 }' | middle; }

least() { sort -g "$results/$scenario.$1" | head -n 1; }

most() { sort -g "$results/$scenario.$1" | tail -n 1; }

# memory KIND PID: a field of smaps_rollup in MiB, summed over a process and its children.
memory() {
    local kind=$1 pid
    for pid in "$2" $(pgrep -P "$2"); do cat "/proc/$pid/smaps_rollup"; done |
        awk -v kind="^($kind):" '$1 ~ kind { sum += $2 } END { printf "%.2f\n", sum / 1024 }'
}
