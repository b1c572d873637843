"""Measures an older commit and what is here, side by side: ratios only.

    side_by_side.py COMMIT BENCH...

A BENCH is `package:name` of a Cargo benchmark, or `npm:folder` of a package with a script `bench`. The commit is
built beside, in target/before, with a target directory of its own. Benchmarks of both take turns, pinned to one
core; `bench:startup` starts the programs of both itself. Each is measured with what measures here, if the older
library can be measured with it; else with its own; else it has a dash.

Rows of both go to the file that BENCH_JSON names: those of the commit are called `{name}, before`.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BESIDE = ROOT / "target/before"
BEFORE = ", before"
STARTUP = "bench:startup"
# Turns of each benchmark; the median of them counts.
TURNS = int(os.environ.get("TURNS", "3"))


class Tree:
    """Sources, and where what is built of them goes."""

    def __init__(self, root, target):
        self.root = root
        self.environment = {**os.environ, "CARGO_TARGET_DIR": str(target)}
        self.target = target

    def cargo(self, *arguments):
        command = ["cargo", *arguments]
        return subprocess.run(command, cwd=self.root, env=self.environment, stdout=subprocess.PIPE, text=True)

    def command(self, bench):
        """What runs a benchmark, and where; None where it cannot be built."""
        package, name = bench.split(":")
        if package == "npm":
            folder = self.root / name
            install = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
            is_there = (folder / "node_modules").is_dir()
            if not is_there and subprocess.run(install, cwd=folder).returncode != 0:
                return None
            return ["npm", "run", "bench", "--silent"], folder
        messages = ("--message-format", "json-render-diagnostics")
        built = self.cargo("bench", "--no-run", "--package", package, "--bench", name, *messages)
        if built.returncode != 0:
            return None
        for line in built.stdout.splitlines():
            artifact = json.loads(line)
            if artifact.get("executable") and artifact["target"]["kind"] == ["bench"]:
                return [artifact["executable"], "--bench"], Path(artifact["manifest_path"]).parent
        return None


def before(commit):
    """The sources of the commit; None in a clone that does not have it."""
    known = subprocess.run(["git", "cat-file", "-e", commit + "^{commit}"], cwd=ROOT, stderr=subprocess.DEVNULL)
    if known.returncode != 0:
        print(f"{commit} is not in this clone, which may be a shallow one: what is here is measured alone.")
        return None
    source = BESIDE / "source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    # With the commit's time, by which cargo knows what it has built already.
    archive = subprocess.Popen(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE)
    with tarfile.open(fileobj=archive.stdout, mode="r|") as files:
        files.extractall(source)
    return Tree(source, BESIDE / "build")


def with_benches_of(here, tree, bench):
    """The benchmark over the older library: with the sources here, or else with its own."""
    package, name = bench.split(":")
    if package == "npm":
        return tree.command(bench)
    folders = [path.parent for path in here.root.glob("*/*/Cargo.toml") if path.parent.name == package]
    places = [folders[0].relative_to(here.root) / kind for kind in ("benches", "bench") if (folders[0] / kind).is_dir()]
    own = tempfile.mkdtemp(dir=BESIDE)
    for place in places:
        if (tree.root / place).is_dir():
            shutil.move(tree.root / place, Path(own, place.name))
        shutil.copytree(here.root / place, tree.root / place)
    command = tree.command(bench)
    if command is None:
        print(f"{bench}: the older library cannot be measured with what is here, but with its own benchmark.")
        for place in places:
            shutil.rmtree(tree.root / place)
            if Path(own, place.name).is_dir():
                shutil.move(Path(own, place.name), tree.root / place)
        command = tree.command(bench)
    shutil.rmtree(own)
    return command


def run(command):
    """The rows of one turn."""
    arguments, folder = command
    pinned = ["taskset", "--cpu-list", "0", *arguments] if shutil.which("taskset") else arguments
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "rows.json")
        environment = {**os.environ, "BENCH_JSON": str(file)}
        done = subprocess.run(pinned, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            print(done.stdout)
            raise SystemExit(f"{arguments[0]} failed.")
        return {row["name"]: row for row in json.loads(file.read_text())}


def median(turns):
    """One row of each name, with the medians of all turns."""
    rows = []
    for name, row in turns[0].items():
        same = [turn[name] for turn in turns if name in turn]
        medians = {key: statistics.median(row[key] for row in same) for key in ("value", "ratio")}
        rows.append({**row, **medians})
    return rows


def measure(bench, here, tree):
    """Both in turn."""
    commands = {"": here.command(bench)}
    if commands[""] is None:
        raise SystemExit(f"{bench} cannot be built.")
    if tree is not None:
        commands[BEFORE] = with_benches_of(here, tree, bench)
    turns = {kind: [] for kind, command in commands.items() if command is not None}
    for _ in range(TURNS):
        for kind, rows in turns.items():
            rows.append(run(commands[kind]))
    return [{**row, "name": row["name"] + kind} for kind in turns for row in median(turns[kind])]


def start(here, tree):
    """The programs of both, measured by one benchmark."""
    environment = dict(here.environment)
    if tree is not None:
        packages = sorted(path.parent.name for path in tree.root.glob("functions/*/Cargo.toml"))
        arguments = [argument for package in packages for argument in ("--package", package)]
        if tree.cargo("build", "--release", "--bins", *arguments).returncode != 0:
            raise SystemExit("The programs of the older commit cannot be built: nothing can be compared with them.")
        environment["BEFORE_PROGRAMS"] = str(tree.target / "release")
    command = ["cargo", "bench", "--package", "bench", "--bench", "startup"]
    return subprocess.run(command, cwd=here.root, env=environment).returncode == 0


def record(rows):
    file = Path(os.environ["BENCH_JSON"])
    kept = json.loads(file.read_text()) if file.exists() else []
    names = {row["name"] for row in rows}
    kept = [row for row in kept if row["name"] not in names]
    file.write_text(json.dumps(kept + rows, indent=2))


def show(rows):
    """What each is of its baseline, now and before, and now of before."""
    by_name = {row["name"]: row for row in rows}
    print(f"{'times the baseline':<64} {'now':>8} {'before':>8} {'now/before':>10} {'of':<9} baseline")
    for row in rows:
        if row["name"].endswith(BEFORE):
            continue
        old = by_name.get(row["name"] + BEFORE)
        # Another baseline is another question.
        is_same = old and old["baseline"].removesuffix(BEFORE) == row["baseline"] and old["unit"] == row["unit"]
        ratio = f"{old['ratio']:.2f}" if is_same else "-"
        times = f"{row['value'] / old['value']:.2f}" if is_same and old["value"] else "-"
        print(f"{row['name']:<64} {row['ratio']:>8.2f} {ratio:>8} {times:>10} {row['unit']:<9} {row['baseline']}")


def main():
    commit, *benches = sys.argv[1:]
    here = Tree(ROOT, Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")))
    tree = before(commit)
    is_well = True
    for bench in benches:
        if bench == STARTUP:
            is_well = start(here, tree)
        else:
            record(measure(bench, here, tree))
    show(json.loads(Path(os.environ["BENCH_JSON"]).read_text()))
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
