#!/usr/bin/env python3
"""Plays 1Password's Events API for the invented company, while a command runs, or until it was idle for an hour:

    python3 samples/account/api.py --run COMMAND [ARGUMENT...]
    python3 samples/account/api.py [PORT] [EVENT FILES' FOLDER]

It serves the three streams from the files beside it, on this machine alone, and takes any token; a command finds one in $EVENTS_TOKEN.
The Events API shows 120 days, so the three weeks of September 2026 are moved by whole weeks to end in the last seven days.
Append a line to a file: the next run delivers exactly that.
"""
import datetime
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading

PORT = 8799
COMMAND = sys.argv[2:] if sys.argv[1:2] == ["--run"] else None
FOLDER = pathlib.Path(sys.argv[2]) if COMMAND is None and len(sys.argv) > 2 else pathlib.Path(__file__).parent
STREAMS = ("auditevents", "signinattempts", "itemusages")


LAST_DAY = datetime.datetime(2026, 9, 23, tzinfo=datetime.timezone.utc)
MOVED = (datetime.datetime.now(datetime.timezone.utc) - LAST_DAY) // datetime.timedelta(weeks=1) * datetime.timedelta(weeks=1)


def moved(time):
    return (datetime.datetime.fromisoformat(time.replace("Z", "+00:00")) + MOVED).strftime("%Y-%m-%dT%H:%M:%SZ")


def events(stream):
    for line in (FOLDER / f"{stream}.ndjson").open(encoding="utf-8"):
        event = json.loads(line)
        yield {**event, "timestamp": moved(event["timestamp"])}


class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/api/v2/auth/introspect":
            self.answer({"uuid": "INVENTED", "issued_at": "2026-09-01T00:00:00Z", "features": STREAMS})
        else:
            self.answer({"Error": {"Message": "Not Found"}}, 404)

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        stream = self.path.removeprefix("/api/v2/")
        if stream not in STREAMS:
            self.answer({"Error": {"Message": "Not Found"}}, 404)
            return
        # A cursor says how many events were shown, how many a page holds, and where the first page began and ended.
        begin, size, start, end = asked["cursor"].split("_") if "cursor" in asked else (
            0, asked.get("limit", 100), asked.get("start_time", ""), asked.get("end_time", "9"))
        found = [each for each in events(stream) if start <= each["timestamp"] < end]
        page = found[int(begin):int(begin) + int(size)]
        cursor = f"{int(begin) + len(page)}_{size}_{start}_{end}"
        self.answer({"cursor": cursor, "has_more": int(begin) + len(page) < len(found), "items": page})

    def answer(self, body, status=200):
        if not self.headers.get("Authorization", "").startswith("Bearer "):
            body, status = {"status": 401, "message": "Unauthorized"}, 401
        text = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    timeout = 3600
    is_idle = False

    def handle_timeout(self):
        self.is_idle = True


def started(port):
    try:
        return Server(("127.0.0.1", port), Api)
    except OSError as error:
        sys.exit(f"api.py: port {port} of 127.0.0.1 cannot be used: {error.strerror}")


def while_running(command):
    threading.Thread(target=started(PORT).serve_forever, daemon=True).start()
    try:
        return subprocess.run(command, env={"EVENTS_TOKEN": "invented", **os.environ}).returncode
    except OSError as error:
        return f"api.py: {command[0]} cannot be run: {error.strerror}"
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    if COMMAND is not None:
        sys.exit(while_running(COMMAND) if COMMAND else "api.py: --run wants a command")
    if len(sys.argv) > 1 and not sys.argv[1].isdecimal():
        sys.exit("api.py: wants a port or nothing, or --run and a command")
    server = started(int(sys.argv[1]) if len(sys.argv) > 1 else PORT)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    while not server.is_idle:
        server.handle_request()
