"""Adds the name of the actor to each event: explain.py EVENTS NAMES."""

import json
import sys

with open(sys.argv[2]) as file:
    names = json.load(file)

with open(sys.argv[1]) as events:
    for line in events:
        event = json.loads(line)
        event["actorName"] = names[event["actorUuid"]]
        sys.stdout.write(json.dumps(event) + "\n")
