"""A client of the native protocol, version 2, written from docs/protocol.md alone and with Python's standard library only.

    native_peer.py HOST PORT VERB ...

    get PATH FILE [OFFSET LENGTH [IDENTITY]]   put FILE PATH [eager]   ls [PATH]   stat PATH   hash PATH [BLOCK]
    mkdir PATH   mv FROM TO   rm PATH   link PATH TARGET   set PATH MODE   ping   status

Prints one line of JSON. The exit status is 0, or the code of the server's ERROR, or 100 where the server broke the protocol.
The digest is SHA-256, which the standard library has.
"""
import hashlib
import json
import os
import socket
import struct
import sys

DATA, HELLO, ERROR, PING, STATUS, ANSWER, GET, META, FIN = 0, 1, 2, 3, 4, 5, 16, 17, 18
LIST, ENTRY, STAT, HASH, PUT, GO, COMMITTED, MKDIR, MOVE, REMOVE, LINK, SET = 19, 20, 21, 22, 32, 33, 34, 35, 36, 37, 38, 39
SHA256 = 2
MAXIMUM_TRAIN, MAXIMUM_CONTROL = 256 * 1024, 64 * 1024


class Broken(Exception):
    """The other side broke the protocol."""


class Refused(Exception):
    """The other side answered with ERROR."""

    def __init__(self, body):
        super().__init__(body.get(1, ""))
        self.code, self.text, self.retryable = body[0], body.get(1, ""), body.get(2, False)


def crc32c_table():
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ 0x82F63B78 if n & 1 else n >> 1
        yield n


CRC = list(crc32c_table())


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def cbor_head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for code, form, limit in ((24, ">B", 8), (25, ">H", 16), (26, ">I", 32), (27, ">Q", 64)):
        if number < 1 << limit:
            return bytes([major << 5 | code]) + struct.pack(form, number)
    raise ValueError(number)


def cbor(value):
    if value is False or value is True:
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return cbor_head(0, value) if value >= 0 else cbor_head(1, -1 - value)
    if isinstance(value, bytes):
        return cbor_head(2, len(value)) + value
    if isinstance(value, str):
        return cbor_head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return cbor_head(4, len(value)) + b"".join(map(cbor, value))
    return cbor_head(5, len(value)) + b"".join(cbor(key) + cbor(value[key]) for key in sorted(value))


def uncbor(data, at=0):
    major, low = data[at] >> 5, data[at] & 31
    at += 1
    if low >= 24 and major != 7:
        size = 1 << low - 24
        low, at = int.from_bytes(data[at:at + size], "big"), at + size
    if major == 0:
        return low, at
    if major == 1:
        return -1 - low, at
    if major in (2, 3):
        raw = data[at:at + low]
        return (raw if major == 2 else raw.decode()), at + low
    if major == 4:
        items = []
        for _ in range(low):
            item, at = uncbor(data, at)
            items.append(item)
        return items, at
    if major == 5:
        pairs = {}
        for _ in range(low):
            key, at = uncbor(data, at)
            pairs[key], at = uncbor(data, at)
        return pairs, at
    if low in (20, 21):
        return low == 21, at
    raise Broken("a value that a server never sends")


class Session:
    def __init__(self, host, port):
        self.stream = socket.create_connection((host, port)) if host != "unix" else self.unix(port)
        self.stream.settimeout(60)
        self.say(HELLO, {0: "trainyard", 1: 2, 2: 2, 3: MAXIMUM_TRAIN, 4: MAXIMUM_CONTROL, 5: 1, 6: [SHA256]})
        self.hello = self.expect(HELLO)
        if self.hello[0] != "trainyard" or self.hello[1] != 2 or self.hello[6] != SHA256:
            raise Broken("the server's hello")

    @staticmethod
    def unix(path):
        stream = socket.socket(socket.AF_UNIX)
        stream.connect(path)
        return stream

    def say(self, kind, body):
        body = cbor({key: value for key, value in body.items() if value not in (None, b"", False)})
        train = struct.pack("<I", kind << 24 | len(body) + 4) + body
        self.stream.sendall(train + struct.pack("<I", crc32c(train)))

    def receive(self, count):
        parts = []
        while count:
            part = self.stream.recv(min(count, 1 << 20))
            if not part:
                raise Broken("the stream ended")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def train(self):
        header = self.receive(4)
        word = struct.unpack("<I", header)[0]
        kind, length = word >> 24, word & 0xFFFFFF
        if length > (MAXIMUM_CONTROL if kind else MAXIMUM_TRAIN):
            raise Broken("a train longer than allowed")
        body = self.receive(length)
        if kind == DATA:
            return kind, body
        if length < 4 or struct.unpack("<I", body[-4:])[0] != crc32c(header + body[:-4]):
            raise Broken("a damaged train")
        fields, end = uncbor(body)
        if end != length - 4:
            raise Broken("bytes behind a map")
        if kind == ERROR:
            raise Refused(fields)
        return kind, fields

    def expect(self, wanted):
        kind, body = self.train()
        if kind != wanted:
            raise Broken(f"kind {kind} instead of {wanted}")
        return body

    def answer(self, kind, body):
        self.say(kind, body)
        answer = self.expect(ANSWER)
        if answer[0] != kind:
            raise Broken("the answer to something else")
        return answer

    def get(self, path, offset=0, length=None, identity=b""):
        self.say(GET, {0: path, 1: offset or None, 2: length, 3: identity})
        meta = self.expect(META)
        due = meta[0] - offset if length is None else min(length, meta[0] - offset)
        content = []
        while True:
            kind, body = self.train()
            if kind == FIN:
                break
            if kind != DATA or len(body) != min(meta[4], due):
                raise Broken("not the train that is due")
            due -= len(body)
            content.append(body)
        content = b"".join(content)
        if due or body[0] != len(content) or body[1] != hashlib.sha256(content).digest():
            raise Broken("not the file that was announced")
        return meta, content

    def put(self, path, content, eager=False, **options):
        self.say(PUT, {0: path, 1: len(content), 2: options.get("modified"), 3: options.get("mode"), 4: options.get("token"), 8: eager})
        go = None if eager else self.expect(GO)
        sent = content[go[0]:] if go else content
        for at in range(0, len(sent), MAXIMUM_TRAIN):
            piece = sent[at:at + MAXIMUM_TRAIN]
            self.stream.sendall(struct.pack("<I", len(piece)) + piece)
        self.say(FIN, {0: len(sent), 1: hashlib.sha256(sent).digest()})
        if eager:
            self.expect(GO)
        committed = self.expect(COMMITTED)
        if committed[1] != hashlib.sha256(content).digest():
            raise Broken("another file was stored")
        return committed

    def list(self, path=b"", recursive=True):
        self.say(LIST, {0: path, 1: recursive})
        entries = []
        while True:
            kind, body = self.train()
            if kind == FIN:
                if body[0] != len(entries):
                    raise Broken("not all entries")
                return entries
            if kind != ENTRY:
                raise Broken("no entry")
            entries += body[0]


def shown(value):
    if isinstance(value, bytes):
        return value.hex() if len(value) in (16, 32) else value.decode(errors="surrogateescape")
    if isinstance(value, dict):
        return {str(key): shown(item) for key, item in value.items()}
    return [shown(item) for item in value] if isinstance(value, list) else value


def main(host, port, verb, *rest):
    session = Session(host, port if host == "unix" else int(port))
    path = [os.fsencode(argument) for argument in rest]
    if verb == "get":
        meta, content = session.get(path[0], *map(int, rest[2:4]), *(bytes.fromhex(word) for word in rest[4:5]))
        with open(rest[1], "wb") as file:
            file.write(content)
        return meta
    if verb == "put":
        with open(rest[0], "rb") as file:
            status = os.fstat(file.fileno())
            return session.put(path[1], file.read(), "eager" in rest, modified=status.st_mtime_ns, mode=status.st_mode & 0o777)
    if verb == "ls":
        return session.list(*path[:1])
    if verb == "hash":
        return session.answer(HASH, {0: path[0], 5: int(rest[1]) if rest[1:] else None})
    kind, body = {
        "stat": lambda: (STAT, {0: path[0] if path else b""}),
        "mkdir": lambda: (MKDIR, {0: path[0], 2: True}),
        "mv": lambda: (MOVE, {0: path[0], 1: path[1]}),
        "rm": lambda: (REMOVE, {0: path[0]}),
        "link": lambda: (LINK, {0: path[0], 1: path[1]}),
        "set": lambda: (SET, {0: path[0], 2: int(rest[1], 8)}),
        "ping": lambda: (PING, {0: b"hello"}),
        "status": lambda: (STATUS, {}),
    }[verb]()
    return session.answer(kind, body)


if __name__ == "__main__":
    try:
        print(json.dumps(shown(main(*sys.argv[1:]))))
    except Refused as refused:
        print(json.dumps({"code": refused.code, "text": refused.text, "retryable": refused.retryable}))
        sys.exit(refused.code)
    except Broken as broken:
        print(json.dumps({"broken": str(broken)}))
        sys.exit(100)
