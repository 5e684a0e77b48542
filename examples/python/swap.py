"""Swaps a face by the HTTP API: upload, job, events, output. Python 3.9, no packages.

usage: swap.py FACE TARGET [--folder FOLDER] [--callback-port PORT]
"""
import argparse
import base64
import hashlib
import hmac
import http.server
import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

URL = os.environ.get("FACEFUSION_URL", "http://127.0.0.1:7861")
KEY = os.environ.get("FACEFUSION_KEY")
# Seconds by which the time of a callback may differ.
TOLERANCE = 300


def call(path, data=None, headers=None, method=None):
    """Sends a request; an error is told in the service's own words."""
    headers = dict(headers or {})
    if KEY:
        headers["authorization"] = f"Bearer {KEY}"
    request = urllib.request.Request(URL + path, data=data, headers=headers, method=method)
    try:
        return urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        raise SystemExit(f"{problem['code']}: {problem['detail']} {problem.get('hint', '')}") from None


def get(path):
    with call(path) as response:
        return json.load(response)


def post(path, body, **headers):
    headers = {"content-type": "application/json", **headers}
    with call(path, json.dumps(body).encode(), headers) as response:
        return json.load(response)


def upload(path):
    """Uploads a small file in one request; large ones go to /v1/uploads with any tus client."""
    boundary = uuid.uuid4().hex
    name = os.path.basename(path).replace('"', "_")
    with open(path, "rb") as file:
        content = file.read()
    form = (
        f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        + content
        + f"\r\n--{boundary}--\r\n".encode()
    )
    with call("/v1/assets", form, {"content-type": f"multipart/form-data; boundary={boundary}"}) as response:
        return json.load(response)["id"]


def events(job):
    """Events of a job until it has ended; goes on where the line broke."""
    last = None
    while True:
        headers = {"last-event-id": last} if last else {}
        try:
            with call(f"/v1/jobs/{job}/events", headers=headers) as response:
                for line in response:
                    text = line.decode().rstrip("\n")
                    if text.startswith("id: "):
                        last = text[4:]
                    elif text.startswith("data: "):
                        yield json.loads(text[6:])
            if get(f"/v1/jobs/{job}")["state"] in ("completed", "failed", "cancelled"):
                return
        except (ConnectionError, urllib.error.URLError):
            pass
        time.sleep(1)


def verify(secret, headers, body):
    """Whether a callback was signed with the secret: https://www.standardwebhooks.com"""
    callback, sent_at = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(sent_at)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.split("_", 1)[1])
    mac = hmac.new(key, f"{callback}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(mac).decode()
    return any(hmac.compare_digest(expected, one) for one in headers["webhook-signature"].split(" "))


def receiver(port, secret):
    """Listens for one callback. Gives an event that is set when a good one has come, and its body."""
    arrived, bodies = threading.Event(), []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            good = verify(secret, self.headers, body)
            self.send_response(204 if good else 401)
            self.end_headers()
            if good:
                bodies.append(json.loads(body))
                arrived.set()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return arrived, bodies


def main():
    parser = argparse.ArgumentParser(description="Swaps a face by the HTTP API.")
    parser.add_argument("face")
    parser.add_argument("target")
    parser.add_argument("--folder", default=".")
    parser.add_argument("--callback-port", type=int)
    options = parser.parse_args()

    sources, target = [upload(options.face)], upload(options.target)
    request = {"sources": sources, "target": target, "options": {"preset": "fast"}}
    if options.callback_port:
        secret = get("/v1/callbacks/secret")["secret"]
        arrived, bodies = receiver(options.callback_port, secret)
        request["callback"] = {"url": f"http://127.0.0.1:{options.callback_port}/done"}
        # Work that was done before is not told again.
        request["reuse"] = False
    job = post("/v1/jobs", request, **{"idempotency-key": uuid.uuid4().hex})["id"]
    print("job", job)
    for event in events(job):
        print(json.dumps(event))

    done = get(f"/v1/jobs/{job}")
    if done["state"] != "completed":
        raise SystemExit(f"{done['state']}: {done.get('error', {}).get('message', '')}")
    for output in done["outputs"]:
        path = os.path.join(options.folder, os.path.basename(output["name"]))
        with call(output["url"]) as response, open(path, "wb") as file:
            content = response.read()
            file.write(content)
        assert hashlib.sha256(content).hexdigest() == output["sha256"]
        print("saved", path)
    if options.callback_port:
        if not arrived.wait(60):
            raise SystemExit("no callback came within a minute")
        print("callback", bodies[0]["type"], "signed")


if __name__ == "__main__":
    main()
