"""Asks an endpoint until it is stopped, or for some seconds, as its callers would; then says what came.

python ask.py SECONDS URI KEY
"""

import json
import random
import sys
import time
import urllib.error
import urllib.request
from collections import Counter


def main(seconds, uri, key):
    """One request after the other; a wine a request."""
    seen = Counter()
    end = time.monotonic() + float(seconds)
    chance = random.Random(1)  # noqa: S311 - no secret
    while time.monotonic() < end:
        wine = {"alcohol": chance.uniform(11.5, 14.5), "proline": chance.uniform(300, 1500)}
        body = json.dumps({"wines": [wine]}).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        try:
            asked = urllib.request.Request(uri, body, headers)  # noqa: S310 - the address is the user's own
            with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - the same
                seen[answer.headers["azureml-model-deployment"], answer.status] += 1
        except urllib.error.HTTPError as error:
            seen[error.headers["azureml-model-deployment"], error.code] += 1
        time.sleep(0.01)
    for (deployment, status), count in sorted(seen.items(), key=str):
        print(deployment, status, count)


main(*sys.argv[1:])
