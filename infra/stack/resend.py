"""Sends parked notifications again: `resend.py {stage of samconfig.toml} [workspace] [id]`.

One of a workspace, all of it, or those of every connected workspace. The function park-notification does it, a hundred at
a time, and says each time what to ask for next.
"""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError


def main() -> int:
    """Asks again and again until there is nothing to ask for."""
    stage, workspace, notification = (sys.argv[1:] + ["", ""])[:3]
    if notification and not workspace:
        print("An ID is of a WORKSPACE: name both.")
        return 2
    stages = tomllib.loads((Path(__file__).resolve().parents[1] / "samconfig.toml").read_text())
    target = stages[stage]["global"]["parameters"]
    wanted = {"workspace": workspace, "id": notification}
    command = {name: text for name, text in wanted.items() if text}
    try:
        functions = boto3.client("lambda", region_name=target["region"])
        sent, failed = resend(functions, f"{target['stack_name']}-park-notification", command)
    except (ClientError, BotoCoreError) as error:
        print(f"AWS refused: {error}")
        return 1
    except Refused as error:
        print(f"The function refused: {error}")
        return 1
    print(f"{sent} sent again." + (f" {failed} could not be, and are still parked: see the function's log." if failed else ""))
    return 1 if failed else 0


class Refused(Exception):
    """What the function failed with."""


def resend(functions: Any, function: str, command: dict[str, Any] | None) -> tuple[int, int]:
    """How many were sent, and how many could not be."""
    sent = failed = 0
    while command is not None:
        answer = functions.invoke(FunctionName=function, Payload=json.dumps({"resend": command}))
        resent = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise Refused(resent.get("errorMessage", "no reason given"))
        sent, failed, command = sent + resent["sent"], failed + resent["failed"], resent["next"]
    return sent, failed


if __name__ == "__main__":
    sys.exit(main())
