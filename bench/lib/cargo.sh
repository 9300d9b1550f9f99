# What is moved: below "$root" a large file, a small one, and a tree of small ones in directories of a hundred.
root=$work/root

load_cargo() {
    mkdir -p "$root" "$work/up"
    head -c $((size << 20)) /dev/urandom > "$root/large"
    head -c 4096 /dev/urandom > "$root/small"
    local number
    for ((number = 0; number < files; number += 100)); do
        mkdir -p "$root/tree/$number"
        head -c $((4096 * (files - number < 100 ? files - number : 100))) /dev/urandom \
            | split -b 4096 -a 2 - "$root/tree/$number/file-"
    done
    # Nothing of this is written back while something is measured.
    sync
}
