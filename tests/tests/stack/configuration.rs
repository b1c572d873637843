//! What every program reads of its environment, held against `docs/CONFIGURATION.md`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::deployment::Deployment;
use crate::function::Function;
use crate::programs::PROGRAMS;

/// The levels of a function's log lines: Lambda's own, and a line for each variable that is read.
pub(crate) const LEVELS: &str =
    "info,aws_=warn,hyper=warn,lambda_=warn,rustls=warn,platform::config=debug";

/// What such a line says.
pub(crate) const READ: &str = "a variable is read";

const PAGE: &str = include_str!("../../../docs/CONFIGURATION.md");

/// Begins what every function reads alike, and the page tells in a table of its own.
const OF_AWS: &str = "AWS_";

/// With one host for all our pages there is nothing to ask about the hosts of single ones.
const ONE_HOST: &str = "PUBLIC_URL";

pub(crate) async fn every_function_reads_what_the_page_says(deployment: &Deployment) {
    let mut wrong = Vec::new();
    for (package, function) in deployment.functions() {
        let mut read = read(&function.log());
        if function.description.environment.contains_key(ONE_HOST) {
            read.extend(read_without_one_host(package, function, deployment).await);
        }
        let names_a_secret = |variable: &String| variable.ends_with("SECRET_ARN");
        assert!(
            read.iter().any(names_a_secret),
            "{package}: the log was read"
        );
        let Some(told) = told(package) else {
            wrong.push(format!("{package} has no row"));
            continue;
        };
        for variable in read.difference(&told) {
            wrong.push(format!("{package} reads {variable}: add it to the row"));
        }
        for variable in told.difference(&read) {
            wrong.push(format!(
                "{package} does not read {variable}: take it out of the row"
            ));
        }
    }
    let wrong = wrong.join("\n");
    assert!(wrong.is_empty(), "docs/CONFIGURATION.md:\n{wrong}");
}

/// The variables that a function reads where each has a host of its own: without `DomainName`.
async fn read_without_one_host(
    package: &str,
    function: &Function,
    deployment: &Deployment,
) -> BTreeSet<String> {
    let mut description = function.description.clone();
    description.environment.remove(ONE_HOST);
    let surroundings = &deployment.surroundings;
    let started = Function::start(package, &PROGRAMS[package], &description, surroundings);
    read(&started.await.end())
}

/// The variables that a function has read, by its log.
fn read(log: &str) -> BTreeSet<String> {
    log.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["message"] == READ)
        .map(|line| line["variable"].as_str().unwrap().to_owned())
        .filter(|variable| !variable.starts_with(OF_AWS))
        .collect()
}

/// The variables that a function reads, by its row: the second column, and the third.
fn told(package: &str) -> Option<BTreeSet<String>> {
    let row = PAGE
        .lines()
        .find_map(|line| line.strip_prefix(&format!("| `{package}` |")))?;
    let variables = row.split('|').take(2).flat_map(|cell| cell.split('`'));
    let variables = variables.map(str::trim).filter(|part| !part.is_empty());
    Some(variables.map(str::to_owned).collect())
}
