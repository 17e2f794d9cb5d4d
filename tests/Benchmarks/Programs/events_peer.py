"""The same job as one would write it in an afternoon: events_peer.py API RECEIVER CHECKPOINT."""

import http.client
import json
import os
import sys

api, receiver, checkpoint = sys.argv[1:]


def post(connection, path, body):
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", "Authorization": "Bearer token"})
    response = connection.getresponse()
    answer = response.read()
    if response.status != 200:
        sys.exit(f"{path} answered {response.status}")
    return answer


def save(cursor):
    with open(checkpoint + ".tmp", "w") as file:
        json.dump({"cursor": cursor}, file)
    os.replace(checkpoint + ".tmp", checkpoint)


source = http.client.HTTPConnection(api)
sink = http.client.HTTPConnection(receiver)
try:
    with open(checkpoint) as file:
        question = json.load(file)
except FileNotFoundError:
    question = {"limit": 1000, "start_time": "2026-01-01T00:00:00Z"}

more = True
while more:
    page = json.loads(post(source, "/api/v2/auditevents", question))
    if page["items"]:
        post(sink, "/hook", page["items"])
    question, more = {"cursor": page["cursor"]}, page["has_more"]
    save(page["cursor"])
