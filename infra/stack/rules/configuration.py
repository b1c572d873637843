"""Configuration: docs/CONFIGURATION.md names the variables that each function is given, and no others."""

from collections.abc import Iterator

import source
from template import Plain

PAGE = "docs/CONFIGURATION.md"


def check(template: Plain) -> Iterator[str]:
    """Each function's row says what the template sets, and each variable has a row that says what it holds."""
    page = source.configuration()
    functions = {template.function_name(name): function for name, function in template.of_type("Lambda::Function").items()}
    for package in sorted(functions.keys() - page.functions.keys()):
        yield f"{PAGE}: has no row for the function {package}"
    for package in sorted(page.functions.keys() - functions.keys()):
        yield f"{PAGE}: has a row for {package}, which is no function of the template"
    for package in sorted(functions.keys() & page.functions.keys()):
        variables = functions[package].get("Environment", {}).get("Variables", {}).keys()
        row = page.functions[package]
        for variable in sorted(variables - row.given):
            yield f"{PAGE}: the row of {package} lacks {variable}, which infra/template.yaml sets"
        for variable in sorted(row.given - variables):
            yield f"infra/template.yaml: {package} is not given {variable}, as its row in {PAGE} says"
        for variable in sorted((row.given | row.read) - page.variables):
            yield f"{PAGE}: nothing says what {variable} of {package} holds"
