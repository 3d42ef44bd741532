"""Requests as bytes on a bare socket, so that a client can hang up anywhere in one."""

import dataclasses
import json
import random
import socket
import struct
import time

ANSWERED, UNSENT, SILENT = "answered", "unsent", "silent"


@dataclasses.dataclass(frozen=True)
class HangUp:
    """Where a client gives up: after a share of the request's bytes, or `wait` seconds after the last of them."""

    share: float
    wait: float
    # With RST, or as a browser's tab that is closed.
    reset: bool

    @classmethod
    def anywhere(cls, rng: random.Random, usual: float):
        """Mostly while the request is worked on; up to twice the time that such a one takes where it has to wait."""
        reset = rng.random() < 0.5
        if rng.random() < 0.1:
            return cls(rng.uniform(0.1, 0.95), rng.uniform(0, 0.02), reset)
        return cls(1.0, rng.uniform(0, rng.choice([1.2, 1.2, 2]) * usual), reset)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a client knows: `answered` with a status; `unsent`: the service never had the whole request; `silent`."""

    what: str
    status: int | None = None
    # None where the client hung up within the answer's body.
    data: object = None
    error: str = ""
    headers: dict = dataclasses.field(default_factory=dict)
    seconds: float = 0.0


def request(address, method, path, token, body=None, headers=()):
    lines = [f"{method} {path} HTTP/1.1", f"host: {address[0]}:{address[1]}", f"authorization: Bearer {token}"]
    if body is not None:
        lines.append(f"content-length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in dict(headers).items()]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


def send(address, text, hang_up=None, patience=60.0):
    """Sends a request, on a connection of its own, and reads as much of the answer as the client stays for."""
    begun = time.monotonic()
    try:
        connection = socket.create_connection(address, timeout=10)
    except OSError:
        return Outcome(UNSENT)
    with connection:
        whole = hang_up is None or hang_up.share == 1.0
        part = text if whole else text[: max(1, min(int(len(text) * hang_up.share), len(text) - 1))]
        try:
            connection.settimeout(patience)
            connection.sendall(part)
            if not whole:
                time.sleep(hang_up.wait)
                leave(connection, hang_up)
                return Outcome(UNSENT)
            until = time.monotonic() + (patience if hang_up is None else hang_up.wait)
            heard = receive(connection, until)
        except OSError:
            # The service died: it may have had all of it.
            return Outcome(SILENT if whole else UNSENT)
        if hang_up is not None:
            leave(connection, hang_up)
    return read(heard, time.monotonic() - begun)


def leave(connection, hang_up):
    if hang_up.reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def receive(connection, until):
    heard = b""
    while not complete(heard):
        left = until - time.monotonic()
        if left <= 0:
            break
        connection.settimeout(left)
        try:
            more = connection.recv(65536)
        except TimeoutError:
            break
        except ConnectionError:
            more = b""
        if not more:
            break
        heard += more
    return heard


def parts(heard):
    head, found, body = heard.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
    return bool(found), lines[0], headers, body


def complete(heard):
    found, _, headers, body = parts(heard)
    return found and len(body) >= int(headers.get("content-length", 0))


def read(heard, seconds):
    found, line, headers, body = parts(heard)
    if not found:
        # A status line is an answer, even where the client left before the rest of the head.
        if b"\r\n" not in heard:
            return Outcome(SILENT, seconds=seconds)
        headers, body = {}, b""
    status, data, error = int(line.split()[1]), None, ""
    if complete(heard) and headers.get("content-type") == "application/json":
        read = json.loads(body)
        data, error = read.get("data"), read.get("error", "")
    return Outcome(ANSWERED, status, data, error, headers, seconds)
