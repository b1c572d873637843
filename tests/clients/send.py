"""send.py CLIENT HOST KEY COUNT: identifies somebody and tracks COUNT events with a client of PyPI's.

Ends with 0 once the client has sent all without an error.
"""

import importlib
import sys

MODULES = {
    "segment-analytics-python": "segment.analytics.client",
    "rudder-sdk-python": "rudderstack.analytics.client",
}


def main(client: str, host: str, key: str, count: str) -> int:
    """Sends everything with gzip, and waits for it."""
    errors: list[Exception] = []
    module = importlib.import_module(MODULES[client])
    analytics = module.Client(key, host=host, gzip=True, on_error=lambda error, _: errors.append(error))
    analytics.identify("u-1", {"email": "ada@shop.example"})
    for number in range(1, int(count) + 1):
        analytics.track("u-1", "Ordered", {"number": number})
    analytics.flush()
    analytics.join()
    for error in errors:
        print(repr(error), file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
