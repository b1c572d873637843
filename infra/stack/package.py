"""Packs what cargo-lambda built into the zips that are deployed, and says how large they are.

The same binary gives the same bytes: no times, no order, no owner of a file. Needs nothing but Python's own library.
"""

import re
import sys
import zipfile
from pathlib import Path

import source

BUILT = source.ROOT / "target" / "lambda"
# The earliest time that a zip can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)


def main() -> int:
    """Packs every function; not 0 when one is larger than it may be."""
    limits = budgets((source.ROOT / "infra" / "template.yaml").read_text())
    too_large = False
    print(f"{'function':<24}{'binary':>12}{'zip':>12}{'at most':>12}")
    for name in sorted(source.functions()):
        binary = BUILT / name / "bootstrap"
        sizes = [binary.stat().st_size, pack(binary), *([limits[name]] if name in limits else [])]
        too_large |= sizes[1] > limits.get(name, sizes[1])
        print(f"{name:<24}" + "".join(f"{size / 1e6:>9.2f} MB" for size in sizes))
    if too_large:
        print("A zip is larger than the template allows: MaxZipBytes.")
    return 1 if too_large else 0


def pack(binary: Path) -> int:
    """Writes bootstrap.zip beside a bootstrap; answers its bytes."""
    archive = binary.with_name("bootstrap.zip")
    entry = zipfile.ZipInfo("bootstrap", EPOCH)
    entry.external_attr = 0o755 << 16
    entry.create_system = 3
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(entry, binary.read_bytes(), compresslevel=9)
    return archive.stat().st_size


def budgets(template: str) -> dict[str, int]:
    """The `MaxZipBytes` of those functions in the template that have one."""
    found = re.findall(r"Binary: ([\w-]+) }, MaxZipBytes: (\d+)", template)
    return {name: int(limit) for name, limit in found}


if __name__ == "__main__":
    sys.exit(main())
