"""What the template has to agree on with the Rust sources: read there, so that neither can change alone."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
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
    return _constant("shared/table/src/key.rs", "PARTITION"), _constant("shared/table/src/key.rs", "SORT")


def expiry_attribute() -> str:
    """The table's TTL attribute."""
    return _constant("shared/table/src/key.rs", "EXPIRES")


def default_retention_days() -> int:
    """How long recordings are kept where nothing else is said."""
    return int(_constant("shared/store/src/tenants/retention.rs", "DEFAULT_DAYS"))


def bucket_classes() -> list[str]:
    """The first part of every object's path in the bucket."""
    return re.findall(r'Self::\w+ => "(\w+)"', _read("shared/store/src/sessions/objects.rs"))


def max_receives() -> int:
    """How often a message is delivered before it counts as dead."""
    return int(_constant("shared/platform/src/queue/mod.rs", "MAX_RECEIVES"))


def routes() -> dict[str, str]:
    """Which package serves which paths, as local mode's gateway has it; paths as CloudFront writes them."""
    table = re.findall(r'\("(/[^"]+)", Function::(\w+)\)', _read("infra/local/src/gateway.rs"))
    return {path.replace("{*path}", "*"): re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower() for path, name in table}


def topic_workers() -> dict[str, str]:
    """The functions that deal with Intercom's topics, and which variable holds the name of each one's queue."""
    return dict(re.findall(r'= "(webhook-[\w-]+)", "(\w+_QUEUE)":', _read(WORKERS)))


def queues_of_topics() -> set[str]:
    """The logical ids of the queues of the topics."""
    return {queue_of(variable) for variable in topic_workers().values()}


def topic_senders() -> set[str]:
    """The packages that leave work on the queues of the topics."""
    mains = (ROOT / "functions").glob("*/src/main.rs")
    return {main.parent.parent.name for main in mains if "TopicQueues::of_environment(" in main.read_text()}


def scheduled() -> set[str]:
    """The packages that understand what a schedule sends."""
    sources = (ROOT / "functions").glob("*/src/**/*.rs")
    return {path.relative_to(ROOT).parts[1] for path in sources if "::Schedule(_) =>" in path.read_text()}


def queue_of(variable: str) -> str:
    """The logical id of the queue that a variable is about: SummarizeQueue in SUMMARIZE_QUEUE_URL."""
    return "".join(word.capitalize() for word in variable.removesuffix("_URL").split("_"))


def metrics() -> set[str]:
    """The metrics that the functions write."""
    return set(re.findall(r'= "(\w+)" in "\w+";', _read("shared/platform/src/metrics.rs")))


def metric_namespace() -> str:
    """The namespace of those metrics."""
    return _constant("shared/platform/src/metrics.rs", "NAMESPACE")


@dataclass
class FunctionRow:
    """What docs/CONFIGURATION.md says of one function's variables."""

    read: set[str]
    given: set[str]


@dataclass
class ConfigurationPage:
    """docs/CONFIGURATION.md: the row of each function, and the variables of which it says what they hold."""

    functions: dict[str, FunctionRow]
    variables: set[str]


def configuration() -> ConfigurationPage:
    """What the page on configuration says. The columns of a function: set and read; read only; set only."""
    page = ConfigurationPage({}, set())
    for cells in _tables("docs/CONFIGURATION.md"):
        if len(cells) == 4 and re.fullmatch(r"[a-z-]+", cells[0][0]):
            both, read, given = map(set, cells[1:])
            page.functions[cells[0][0]] = FunctionRow(both | read, both | given)
        else:
            page.variables.update(cells[0])
    return page


def metric_rows() -> dict[str, set[str]]:
    """The alarms on each metric, as the page on logging has them: in its last column."""
    rows = (cells for cells in _tables("docs/LOGGING.md") if re.fullmatch(r"([A-Z][a-z]+)+", cells[0][0]))
    return {cells[0][0]: set(cells[-1]) for cells in rows}


def _tables(path: str) -> Iterator[list[list[str]]]:
    """The rows of a page's tables that begin with a name: what stands in backticks, cell by cell."""
    for line in _read(path).splitlines():
        cells = [re.findall(r"`([^`]+)`", cell) for cell in line.split("|")[1:-1]]
        if cells and cells[0]:
            yield cells


def page(path: str) -> str:
    """A page as it is written."""
    return _read(path)


def _read(path: str) -> str:
    return (ROOT / path).read_text()


def _constant(path: str, name: str) -> str:
    found = re.search(rf'const {name}: [^=]+= "?([^";]+)"?;', _read(path))
    if not found:
        raise LookupError(f"{path} declares no {name}")
    return found[1]
