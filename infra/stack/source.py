"""What the template has to agree on with the Rust sources: read there, so that neither can change alone."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The list of the workers of Intercom's topics.
WORKERS = "shared/notification/src/worker.rs"


def functions() -> dict[str, str]:
    """Every Lambda function, and the package under functions/ that its program is in."""
    packages = [manifest.parent for manifest in sorted((ROOT / "functions").glob("*/Cargo.toml"))]
    alone = {package.name: package.name for package in packages if (package / "src" / "main.rs").is_file()}
    several = {
        program.stem: package.name for package in packages for program in sorted((package / "src" / "bin").glob("*.rs"))
    }
    return alone | several


def panic_strategy() -> str | None:
    """What the release profile says of panics."""
    return tomllib.loads(_read("Cargo.toml"))["profile"]["release"].get("panic")


def partition_and_sort_key() -> tuple[str, str]:
    """The table's keys."""
    return _constant("shared/store/src/keys.rs", "PARTITION"), _constant("shared/store/src/keys.rs", "SORT")


def expiry_attribute() -> str:
    """The table's TTL attribute."""
    return _constant("shared/store/src/keys.rs", "EXPIRES")


def default_retention_days() -> int:
    """How long recordings are kept where nothing else is said."""
    return int(_constant("shared/store/src/lib.rs", "DEFAULT_RETENTION_DAYS"))


def bucket_classes() -> list[str]:
    """The first part of every object's path in the bucket."""
    return re.findall(r'Self::\w+ => "(\w+)"', _read("shared/store/src/bucket.rs"))


def max_receives() -> int:
    """How often a message is delivered before it counts as dead."""
    return int(_constant("shared/platform/src/queue/mod.rs", "MAX_RECEIVES"))


def routes() -> dict[str, str]:
    """Which package serves which paths, as local mode's gateway has it; paths as CloudFront writes them."""
    table = re.findall(r'\("(/[^"]+)", Function::(\w+)\)', _read("infra/local/src/gateway.rs"))
    return {path.replace("{*path}", "*"): re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower() for path, name in table}


def topic_workers() -> dict[str, str]:
    """The functions that deal with Intercom's topics, and which variable holds the URL of each one's queue."""
    return dict(re.findall(r'= "(webhook-[\w-]+)", "(\w+_QUEUE_URL)":', _read(WORKERS)))


def topic_senders() -> set[str]:
    """The packages that leave work on the queues of the topics."""
    mains = (ROOT / "functions").glob("*/src/main.rs")
    return {main.parent.parent.name for main in mains if "TopicQueues::of_environment(" in main.read_text()}


def scheduled() -> set[str]:
    """The packages that understand what a schedule sends."""
    sources = (ROOT / "functions").glob("*/src/**/*.rs")
    return {path.relative_to(ROOT).parts[1] for path in sources if "QueueOrSchedule::Schedule" in path.read_text()}


def queue_of(variable: str) -> str:
    """The logical id of the queue whose URL a variable holds: SummarizeQueue in SUMMARIZE_QUEUE_URL."""
    return "".join(word.capitalize() for word in variable.removesuffix("_URL").split("_"))


def metrics() -> set[str]:
    """The metrics that the functions write."""
    return set(re.findall(r'= "(\w+)" in "\w+";', _read("shared/platform/src/metrics.rs")))


def metric_namespace() -> str:
    """The namespace of those metrics."""
    return _constant("shared/platform/src/metrics.rs", "NAMESPACE")


def _read(path: str) -> str:
    return (ROOT / path).read_text()


def _constant(path: str, name: str) -> str:
    found = re.search(rf'const {name}: [^=]+= "?([^";]+)"?;', _read(path))
    if not found:
        raise LookupError(f"{path} declares no {name}")
    return found[1]
