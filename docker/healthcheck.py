"""Asks this container's own web server for /healthz, as the proxy in front of it would."""

import http.client
import os
import sys

TIMEOUT = 4  # seconds


def main(address: str) -> None:
    """Exit with one sentence unless `address` (host:port) answers 200."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection(address, timeout=TIMEOUT)
    try:
        connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        status = connection.getresponse().status
    except OSError as error:
        sys.exit(f"No answer from {address}: {error}")
    if status != 200:
        sys.exit(f"{address} answers /healthz with {status}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8000")
