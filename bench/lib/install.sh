# What is measured and what it is measured against.

# Debian starts the servers that it installs; ours are the only ones that are wanted.
install_missing() {
    local missing=() policy=/usr/sbin/policy-rc.d
    command -v nginx >/dev/null || missing+=(nginx-light)
    command -v rsync >/dev/null || missing+=(rsync)
    command -v wrk >/dev/null || missing+=(wrk)
    command -v curl >/dev/null || missing+=(curl)
    command -v gcc >/dev/null || missing+=(gcc libc6-dev)
    command -v make >/dev/null || missing+=(make)
    nc -h 2>&1 | grep -q OpenBSD || missing+=(netcat-openbsd)
    ((${#missing[@]} > 0)) || return 0
    echo "installing ${missing[*]}" >&2
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy" && trap 'rm -f /usr/sbin/policy-rc.d; finish' EXIT; }
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

build() {
    make -s -C bench/limit
    dotnet publish src/Server -c Release -o "$ours" >/dev/null
    dotnet publish src/Client -c Release -o "$ours" >/dev/null
}
