"""The same job with the library that most scripts use: events_peer_requests.py API RECEIVER CHECKPOINT."""

import json
import os
import sys

import requests

api, receiver, checkpoint = sys.argv[1:]
source, sink = requests.Session(), requests.Session()
source.headers["Authorization"] = "Bearer token"


def save(cursor):
    with open(checkpoint + ".tmp", "w") as file:
        json.dump({"cursor": cursor}, file)
    os.replace(checkpoint + ".tmp", checkpoint)


try:
    with open(checkpoint) as file:
        question = json.load(file)
except FileNotFoundError:
    question = {"limit": 1000, "start_time": "2026-01-01T00:00:00Z"}

more = True
while more:
    answer = source.post(f"http://{api}/api/v2/auditevents", json=question)
    answer.raise_for_status()
    page = answer.json()
    if page["items"]:
        sink.post(f"http://{receiver}/hook", json=page["items"]).raise_for_status()
    question, more = {"cursor": page["cursor"]}, page["has_more"]
    save(page["cursor"])
