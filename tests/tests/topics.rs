//! What belongs to a webhook topic stands in several files. This test names the one that was forgotten.
//!
//! The list is `notification::Worker`. The compiler asks for the topic in the list and for the rule in
//! `webhooks::handle`; `infra/stack/rules/topics.py` looks closer at the queues and at who may send to them.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use notification::Worker;
use test_support::Function;

const LIST: &str = "shared/notification/src/worker.rs";
const PACKAGE: &str = "functions/webhooks";
const TEMPLATE: &str = "infra/template.yaml";
const COST: &str = "infra/COST.md";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|_| panic!("{name} is missing: write it"))
}

/// What the template's resources of a worker begin with: `LeadCreated` in `LEAD_CREATED_QUEUE`.
fn resource(worker: Worker) -> String {
    let words = worker.queue_variable().trim_end_matches("_QUEUE");
    words
        .split('_')
        .map(|word| format!("{}{}", &word[..1], word[1..].to_lowercase()))
        .collect()
}

/// The module of its rule: `lead_created` of `webhook-lead-created`.
fn module(worker: Worker) -> String {
    let name = worker.function_name().trim_start_matches("webhook-");
    name.replace('-', "_")
}

#[test]
fn every_worker_has_its_rule_and_its_program() {
    for worker in Worker::ALL {
        let (name, module) = (worker.function_name(), module(worker));
        let rule = format!("{PACKAGE}/src/rules/{module}.rs");
        assert!(
            read(&rule).contains("pub fn rule("),
            "{rule} has no rule for {worker:?}"
        );
        let program = format!("{PACKAGE}/src/bin/{name}.rs");
        assert!(
            read(&program).contains(&format!("use webhooks::rules::{module};")),
            "{program} does not serve the rule {module}"
        );
    }
}

#[test]
fn every_worker_has_its_resources() {
    let template = read(TEMPLATE);
    for worker in Worker::ALL {
        let (name, resource) = (worker.function_name(), resource(worker));
        let kinds = ["Function", "Role", "Queue"];
        for line in kinds
            .map(|kind| format!("\n  {resource}{kind}:\n"))
            .into_iter()
            .chain([
                format!("Binary: {name} }}"),
                format!(
                    "{}: !GetAtt {resource}Queue.QueueName\n",
                    worker.queue_variable()
                ),
                format!("- !GetAtt {resource}Queue.Arn\n"),
            ])
        {
            let line_shown = line.trim();
            assert!(
                template.contains(&line),
                "{TEMPLATE} lacks `{line_shown}`: {worker:?} in {LIST}"
            );
        }
    }
}

#[test]
fn every_worker_is_on_the_page_about_costs() {
    let page = read(COST);
    for worker in Worker::ALL {
        let row = format!("| memory of {}, MB |", worker.function_name());
        assert!(
            page.contains(&row),
            "{COST} lacks the row `{row}`: {worker:?} in {LIST}"
        );
    }
}

#[test]
fn nothing_is_there_of_a_worker_that_is_not_in_the_list() {
    let names: BTreeSet<String> = Worker::ALL
        .map(|worker| worker.function_name().to_owned())
        .into();
    let rules: BTreeSet<String> = Worker::ALL.map(module).into();
    for function in Function::all() {
        assert!(
            function.package != "webhooks" || names.contains(&function.name),
            "{PACKAGE}/src/bin/{}.rs is there, but {LIST} does not list it",
            function.name
        );
    }
    for entry in fs::read_dir(path(PACKAGE).join("src/rules")).unwrap() {
        let file = entry.unwrap().path();
        let module = file.file_stem().unwrap().to_str().unwrap();
        assert!(
            module == "mod" || rules.contains(module),
            "{PACKAGE}/src/rules/{module}.rs is there, but {LIST} lists no webhook-{}",
            module.replace('_', "-")
        );
    }
    for (file, before, after) in [
        (TEMPLATE, "Binary: ", " }"),
        (COST, "| memory of ", ", MB |"),
    ] {
        for rest in read(file).split(before).skip(1) {
            let name = rest.split(after).next().unwrap();
            assert!(
                !name.starts_with("webhook-") || names.contains(name),
                "{file} has {name}, but {LIST} does not list it"
            );
        }
    }
}
