"""What others know: cfn-lint and checkov. Both look at the plain template; in a SAM template they are blind to much."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cfnlint.api import lint
from transform import Template

# Checks of checkov that do not apply here, and why.
SKIPPED = {
    # Keys of our own: $1 a month each, and one more thing to lose. AWS's keys encrypt all of it at rest.
    "CKV_AWS_119": "table: encrypted with the account's key for DynamoDB",
    "CKV_AWS_149": "secret: encrypted with the account's key for Secrets Manager",
    "CKV_AWS_158": "log groups: encrypted by CloudWatch; they hold no personal data",
    "CKV_AWS_173": "environment: encrypted by Lambda; it holds names, no secrets",
    "CKV_AWS_27": "queues: encrypted by SQS (SqsManagedSseEnabled), which this check does not know",
    "CKV_AWS_26": "alarm topic: CloudWatch may not publish under AWS's key, and alarms hold nothing personal",
    # Functions.
    "CKV_AWS_115": "workers: bounded by their event source's MaximumConcurrency",
    "CKV_AWS_116": "functions: called synchronously, by SQS, whose queues have dead letters, or again by a schedule",
    "CKV_AWS_117": "functions: everything they talk to is a public AWS endpoint; a VPC would only slow their start",
    "CKV_AWS_258": "URLs: Intercom and browsers cannot sign as AWS does; each function checks its own callers",
    # Bucket and distribution.
    "CKV_AWS_18": "bucket: only our functions read it, and their logs say what",
    "CKV_AWS_21": "bucket: a version that outlives its object would keep a recording that was erased",
    "CKV_AWS_68": "distribution: a firewall costs $5 a month and more; reserved concurrency bounds abuse",
    "CKV_AWS_86": "distribution: every function writes a line per request",
}


def cfn_lint(plain: Template) -> Iterator[str]:
    """What cfn-lint finds."""
    for match in lint(json.dumps(plain)):
        where = "/".join(str(part) for part in match.path or [])
        yield f"{match.rule.id} {where or match.linenumber}: {match.message[:200]}"


def checkov(plain: Template) -> tuple[int, list[str]]:
    """How many checks of checkov passed, and what failed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.json"
        file.write_text(json.dumps(plain))
        command = [sys.executable, "-m", "checkov.main", "--file", str(file), "--framework", "cloudformation"]
        options = ["--skip-download", "--quiet", "--compact", "--output", "json", "--skip-check", ",".join(SKIPPED)]
        run = subprocess.run(command + options, capture_output=True, text=True, check=False)
    try:
        report = json.loads(run.stdout)
        failed, passed = report["results"]["failed_checks"], report["summary"]["passed"]
    except (ValueError, KeyError):
        return 0, [f"checkov said nothing that can be read: {run.stderr[-500:]}"]
    return passed, [f"{check['check_id']} {check['resource']}: {check['check_name']}" for check in failed]
