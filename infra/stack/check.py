"""Checks the template, and then the checks.

1. The SAM template is transformed to the plain one, which everything below looks at.
2. House rules: what no linter knows, and what an emulator drops.
3. cfn-lint, and checkov with a short list of exceptions, each with its reason.
4. The stack is created in an emulator, and what exists is compared with the template.
5. Of that stack something is to be deleted that holds something: the deployment has to be held up.
6. Faults are injected, one by one: each has to be found by one of these.
"""

import copy
import sys
import time
from collections.abc import Iterator

import faults
import linters
import removed
import rules
import transform
from compare import compare
from created import NAME, Emulator, NotCreated, create
from rules import cost, growth
from template import Plain


def main() -> int:
    """Prints an account; not 0 when something is wrong."""
    started = time.monotonic()
    sam = transform.load()
    plain = transform.transform(sam)
    wrong: list[str] = []

    def account(what: str, found: list[str]) -> None:
        print(f"  {'ok  ' if not found else 'FAIL'} {what}", flush=True)
        for finding in found:
            print(f"         {finding}", flush=True)
        wrong.extend(found)

    print("Stack:")
    emulator = Emulator()
    account(f"house rules: {len(plain['Resources'])} resources", list(rules.check(Plain(plain))))
    for summary in (cost.summary, growth.summary):
        print(f"       {summary(Plain(plain))}", flush=True)
    account("cfn-lint, on the plain template", list(linters.cfn_lint(plain)))
    passed, failed = linters.checkov(plain)
    account(f"checkov: {passed} checks, {len(linters.SKIPPED)} not applicable (infra/stack/linters.py)", failed)
    found = list(created(emulator, plain))
    account(
        f"created in moto: {len(plain['Resources'])} resources, {len(plain['Outputs'])} outputs as they should be",
        found,
    )
    account("a deployment is held up that would lose messages or logs", list(unheld(emulator)))
    if not wrong:
        unnoticed = []
        for name, change in faults.FAULTS.items():
            first = noticed(emulator, sam, change)
            if first is None:
                unnoticed.append(f"goes unnoticed: {name}")
            elif "--faults" in sys.argv:
                print(f"         {name}: {first}")
        account(f"{len(faults.FAULTS)} injected faults are noticed (--faults shows how)", unnoticed)
    print(f"  {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


def created(emulator: Emulator, plain: transform.Template) -> Iterator[str]:
    """What is wrong with the stack that the template makes."""
    emulator.forget()
    try:
        yield from compare(create(emulator, plain), Plain(plain))
    except NotCreated as error:
        yield str(error)


def unheld(emulator: Emulator) -> Iterator[str]:
    """What would be lost unnoticed if the stack of the emulator lost everything, and what would not be lost at all."""

    def held() -> list[str]:
        return sorted(loss.split()[0] for _, loss in removed.losses(emulator.client, NAME, set()))

    every = removed.resources(emulator.client("cloudformation"), NAME)
    stack = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in every}
    if held():
        yield f"{held()} hold nothing"
    emulator.client("sqs").send_message(QueueUrl=stack["TaskDeadLetters"], MessageBody="a task")
    emulator.client("logs").create_log_stream(logGroupName=stack["WebhooksLogs"], logStreamName="a stream")
    if held() != ["TaskDeadLetters", "WebhooksLogs"]:
        yield f"only {held()} hold something"
    if list(removed.losses(emulator.client, NAME, set(stack))):
        yield "what stays is said to be lost"
    if list(removed.losses(emulator.client, "another", set())):
        yield "a stack that is not there is said to lose something"


def findings(emulator: Emulator, plain: transform.Template) -> Iterator[str]:
    """Everything that is wrong with a template, what is found quickest first."""
    yield from rules.check(Plain(plain))
    yield from linters.cfn_lint(plain)
    yield from created(emulator, plain)
    yield from linters.checkov(plain)[1]


def noticed(emulator: Emulator, sam: transform.Template, change: faults.Change) -> str | None:
    """What is found first about a template with a fault in it."""
    try:
        plain = transform.transform(faults.with_fault(copy.deepcopy(sam), change))
    except transform.TemplateError as error:
        return str(error)
    return next(findings(emulator, plain), None)


if __name__ == "__main__":
    sys.exit(main())
