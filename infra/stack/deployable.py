"""Writes the plain template that `make deploy` deploys: `deployable.py {stage of samconfig.toml} {file}`.

It is the one that was checked, but for where the functions' code lies: in target/lambda, as `make build` leaves it.
"""

import json
import sys
import tomllib
import zipfile
from pathlib import Path

import transform

BUILT = transform.INFRA.parent / "target" / "lambda"
# What an ELF file says of the processor that it is for, at byte 18.
MACHINES = {0xB7: "arm64", 0x3E: "x86_64"}


def main() -> int:
    """Writes the template, unless something is built for another processor than the stage says."""
    stage, target = sys.argv[1], Path(sys.argv[2])
    plain = transform.transform(transform.load())
    wanted = architecture(stage, plain)
    for resource in plain["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            code = BUILT / Path(resource["Properties"]["Code"]["S3Key"]).stem / "bootstrap.zip"
            resource["Properties"]["Code"] = str(code)
            built = built_for(code)
            if built != wanted:
                print(f"{code} is built for {built}; the stage {stage} is {wanted}: Architecture in samconfig.toml.")
                return 1
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(plain, indent=1) + "\n")
    return 0


def architecture(stage: str, plain: transform.Template) -> str:
    """The stage's parameter Architecture."""
    stages = tomllib.loads((transform.INFRA / "samconfig.toml").read_text())
    overrides = dict(entry.split("=", 1) for entry in stages[stage]["deploy"]["parameters"]["parameter_overrides"])
    return overrides.get("Architecture", plain["Parameters"]["Architecture"]["Default"])


def built_for(code: Path) -> str:
    """The processor that a function's binary is for."""
    with zipfile.ZipFile(code) as archive, archive.open("bootstrap") as binary:
        header = binary.read(20)
    return MACHINES.get(header[18], "another processor") if header[:4] == b"\x7fELF" else "no processor"


if __name__ == "__main__":
    sys.exit(main())
