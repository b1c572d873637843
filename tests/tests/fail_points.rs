//! Tests kill a process at its fail points, by lists of their names. None is forgotten in the lists.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// Sources of the crates, by path.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders = vec![root.join("shared"), root.join("functions")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_of_others = path.ends_with("node_modules") || path.ends_with("target");
            if path.is_dir() && !is_of_others {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).unwrap();
                sources.push((path, source));
            }
        }
    }
    sources
}

/// What the fail points of a source are given.
fn points(source: &str) -> impl Iterator<Item = &str> {
    let calls = source.split("fail_point!(").skip(1);
    calls.map(|call| call.split([')', ',']).next().unwrap().trim())
}

#[test]
fn every_fail_point_has_its_name_from_the_steps_of_its_crate() {
    let mut found = 0;
    for (path, source) in sources() {
        for point in points(&source) {
            found += 1;
            let is_step = point.starts_with("crate::steps::") || point.starts_with("steps::");
            assert!(is_step, "{}: {point} is in no list", path.display());
        }
    }
    assert!(found > 20, "{found}: the sources were read");
}

#[test]
fn every_step_is_a_fail_point_and_stands_in_a_list() {
    let sources = sources();
    let used = |folder: &Path| -> Vec<&str> {
        sources
            .iter()
            .filter(|(path, _)| path.starts_with(folder))
            .flat_map(|(_, source)| points(source))
            .filter_map(|point| point.rsplit("::").next())
            .collect()
    };
    let is_steps = |path: &Path| path.ends_with("src/steps.rs");
    let mut found = 0;
    for (path, source) in sources.iter().filter(|(path, _)| is_steps(path)) {
        let lines = source
            .lines()
            .filter_map(|line| line.strip_prefix("pub const "));
        let used = used(path.parent().unwrap());
        // The lists come last.
        let lists = &source[source.find("[&str; ").unwrap()..];
        for name in lines.filter(|line| line.contains(": &str =")) {
            found += 1;
            let name = name.split(':').next().unwrap();
            let place = path.display();
            let is_listed = lists
                .split([' ', ',', '[', ']', ';', '\n'])
                .any(|word| word == name);
            assert!(is_listed, "{place}: {name} is in no list");
            assert!(used.contains(&name), "{place}: {name} is no fail point");
        }
    }
    assert!(found > 20, "{found}: the steps were read");
}
