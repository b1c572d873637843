//! What is measured: every function of ours as it is deployed, two hello-worlds, and a canvas in Node.
//!
//! Arguments that are names of functions leave the others out. `BEFORE_PROGRAMS` names a folder with the
//! programs of an older commit: each is measured beside its successor.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use notification::Worker;
use runtime_api::Bootstrap;
use test_support::Function;

use crate::data::TABLE;
use crate::node;
use crate::samples::{self, CLIENT_SECRET, MASTER_KEY, Sample};
use crate::services::{CREDENTIALS, KEYS, Services};

/// The floor of everything, and of everything behind a URL.
pub(crate) const HELLO: &str = "hello";
pub(crate) const HELLO_HTTP: &str = "hello-http";
/// The function that Intercom gives half a second, and that limits are set for.
pub(crate) const CANVAS: &str = "canvas";
/// The function that Intercom sends notifications to.
pub(crate) const VERIFY_WEBHOOK: &str = "verify-webhook";
/// The canvas that finds its secrets in the environment, as its Node counterpart does, rather than fetch
/// them.
pub(crate) const CANVAS_GIVEN: &str = "canvas, secrets given";
/// What a person or Intercom waits for.
pub(crate) const AWAITED: [&str; 7] = [
    CANVAS,
    VERIFY_WEBHOOK,
    "record",
    "sessions",
    "settings",
    "oauth-callback",
    "installation",
];

/// One program and what it is measured with.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) bootstrap: Bootstrap,
    pub(crate) event: Sample,
    /// What it answers without asking AWS.
    pub(crate) idle_event: Option<Sample>,
    pub(crate) size: Size,
}

/// Bytes of what is uploaded.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) program: u64,
    pub(crate) zip: u64,
}

/// All of them, built with the profile that is deployed, for this machine's architecture.
pub(crate) fn all(services: &Services) -> Vec<Subject> {
    build();
    let before = std::env::var_os("BEFORE_PROGRAMS").map(PathBuf::from);
    let mut subjects = vec![hello(HELLO, services), hello(HELLO_HTTP, services)];
    for function in Function::all().into_iter().filter(is_asked_for) {
        let name = &function.name;
        let program = programs().join(name);
        subjects.extend(fetching(name, &program, &function, services));
        if let Some(before) = &before {
            let program = before.join(name);
            let name = of_before(name);
            subjects.extend(fetching(&name, &program, &function, services));
        }
        if name == CANVAS {
            let given = with_secrets(bootstrap(&program, services));
            subjects.push(of_program(CANVAS_GIVEN, &program, &function, given));
        }
    }
    if let Some(canvas) = subjects.iter().find(|subject| subject.name == CANVAS)
        && let Some(node) = node::subject(services)
    {
        node::check_same(&node, canvas);
        subjects.push(node);
    }
    subjects
}

/// What the older program of a function is called.
pub(crate) fn of_before(name: &str) -> String {
    format!("{name}, before")
}

fn is_asked_for(function: &Function) -> bool {
    let arguments = std::env::args().skip(1);
    let names: Vec<String> = arguments.filter(|name| !name.starts_with('-')).collect();
    names.is_empty() || names.contains(&function.name)
}

/// In one go, as `make build` does it, so that features are the same.
fn build() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--release",
        "--bins",
        "--package",
        env!("CARGO_PKG_NAME"),
    ]);
    let packages: BTreeSet<String> = Function::all()
        .into_iter()
        .filter(is_asked_for)
        .map(|function| function.package)
        .collect();
    for package in &packages {
        cargo.args(["--package", package]);
    }
    assert!(cargo.status().unwrap().success());
}

fn programs() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("release")
}

/// Answers anything; the canvas's event, so that no one has less to read.
fn hello(name: &str, services: &Services) -> Subject {
    let program = programs().join(name);
    let bootstrap = bootstrap(&program, services);
    of_program(name, &program, &Function::named(CANVAS), bootstrap)
}

/// A function that fetches its secrets; `None` where there is no such program.
fn fetching(
    name: &str,
    program: &Path,
    function: &Function,
    services: &Services,
) -> Option<Subject> {
    let bootstrap = bootstrap(program, services)
        .env("SECRET_ARN", KEYS)
        .env("INTERCOM_SECRET_ARN", CREDENTIALS);
    program
        .is_file()
        .then(|| of_program(name, program, function, bootstrap))
}

fn of_program(name: &str, program: &Path, function: &Function, bootstrap: Bootstrap) -> Subject {
    Subject {
        name: name.to_owned(),
        bootstrap,
        event: samples::event_of(function),
        idle_event: samples::idle_event_of(function),
        size: Size::of(program),
    }
}

fn bootstrap(program: &Path, services: &Services) -> Bootstrap {
    environment(Bootstrap::new(program), services)
}

/// What the stack's template sets, and where the services are.
pub(crate) fn environment(bootstrap: Bootstrap, services: &Services) -> Bootstrap {
    const QUEUE_URL: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/bench";
    let of_workers = Worker::ALL.map(|worker| (worker.queue_variable(), "bench"));
    // As programs knew them that were built before there were names.
    let formerly = of_workers.map(|(variable, _)| (format!("{variable}_URL"), QUEUE_URL));
    bootstrap
        .discard_output()
        .env("TABLE_NAME", TABLE)
        .env("BUCKET_NAME", "bench")
        .env(
            "TOPIC_QUEUES_URL",
            "https://sqs.us-east-1.amazonaws.com/123456789012/",
        )
        .env("SUMMARIZE_QUEUE_URL", QUEUE_URL)
        .env("RECONCILE_QUEUE_URL", QUEUE_URL)
        .env("ERASE_QUEUE_URL", QUEUE_URL)
        .envs(of_workers)
        .envs(formerly)
        .env("PUBLIC_URL", "https://recordings.example")
        .envs(services.variables.iter().cloned())
}

/// The secrets in the environment rather than in Secrets Manager.
pub(crate) fn with_secrets(bootstrap: Bootstrap) -> Bootstrap {
    bootstrap
        .env("MASTER_KEY", MASTER_KEY)
        .env("INTERCOM_CLIENT_ID", "bench-client-id")
        .env("INTERCOM_CLIENT_SECRET", CLIENT_SECRET)
}

impl Size {
    /// Of one file, and of the zip with nothing but it.
    pub(crate) fn of(file: &Path) -> Self {
        /// A zip's headers and directory for one entry of a short name.
        const OVERHEAD: u64 = 130;
        let mut compressed = DeflateEncoder::new(Counted(0), Compression::best());
        let program = io::copy(&mut File::open(file).unwrap(), &mut compressed).unwrap();
        Self {
            program,
            zip: compressed.finish().unwrap().0 + OVERHEAD,
        }
    }
}

/// Counts bytes and forgets them.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
