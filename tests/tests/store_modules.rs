//! No two modules of the store know each other, however far around: each can be read with those below it
//! alone.
//!
//! Imports say whom a module knows. `lib.rs` is left out: it knows all. So are methods of `Store` itself, by
//! which a module reaches what `lib.rs` gives everybody (`self.connections()`).

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Modules by their path (`sessions::runs`), each with those that it knows.
type Modules = BTreeMap<String, BTreeSet<String>>;

#[test]
fn the_stores_modules_know_each_other_in_one_direction() {
    let modules = modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/store/src"));
    assert!(modules.len() > 40, "the sources were read");
    for folder in ["tenants", "people", "sessions", "matching", "erasure"] {
        assert!(modules.contains_key(folder), "{folder} was read");
    }
    assert_eq!(circle(&modules), None);
}

#[test]
fn a_circle_is_found_whatever_leads_to_it() {
    let modules = |arrows: &[(&str, &str)]| {
        let mut modules = Modules::new();
        for (from, to) in arrows {
            let knows = modules.entry((*from).to_owned()).or_default();
            knows.insert((*to).to_owned());
        }
        modules
    };
    let straight = modules(&[("a", "b"), ("a", "c"), ("b", "c")]);
    assert_eq!(circle(&straight), None);
    let round = modules(&[("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")]);
    assert_eq!(circle(&round).unwrap(), ["b", "c", "d", "b"]);
}

#[test]
fn imports_are_read_in_every_form() {
    let source = "use crate::people::{Clusters, rows as people_rows};\nuse crate::{Error, tenants::{\n    \
                  keys, origins::Origin}};\nlet x = crate::sessions::rows::meta(a);\n/// [`crate::matching::Matching`]\n";
    let found = imports(source);
    for path in [
        "people::Clusters",
        "people::rows",
        "Error",
        "tenants::keys",
        "tenants::origins::Origin",
        "sessions::rows::meta",
    ] {
        assert!(found.contains(path), "{path} in {found:?}");
    }
    assert!(!found.iter().any(|path| path.starts_with("matching")));
}

/// A way from a module to itself.
fn circle(modules: &Modules) -> Option<Vec<&str>> {
    fn walk<'a>(
        modules: &'a Modules,
        module: &'a str,
        way: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> bool {
        if let Some(start) = way.iter().position(|passed| *passed == module) {
            way.drain(..start);
            way.push(module);
            return true;
        }
        if !done.insert(module) {
            return false;
        }
        way.push(module);
        for next in modules.get(module).into_iter().flatten() {
            if walk(modules, next, way, done) {
                return true;
            }
        }
        way.pop();
        false
    }
    let mut done = BTreeSet::new();
    modules.keys().find_map(|module| {
        let mut way = Vec::new();
        walk(modules, module, &mut way, &mut done).then_some(way)
    })
}

fn modules(root: &Path) -> Modules {
    let sources: BTreeMap<String, String> = files(root)
        .into_iter()
        .filter(|path| path != &root.join("lib.rs") && !path.ends_with("tests.rs"))
        .map(|path| {
            let name = path.strip_prefix(root).unwrap().with_extension("");
            let name = name.to_str().unwrap().replace('/', "::");
            let name = name.strip_suffix("::mod").unwrap_or(&name).to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    sources
        .iter()
        .map(|(name, source)| {
            // What tests know is no matter: nothing is built on them.
            let source = source.split("#[cfg(test)]").next().unwrap();
            // Whatever is imported so would be missed.
            assert!(!source.contains("super::"), "{name} names its parent");
            let known = imports(source).into_iter().filter_map(|path| {
                let parts: Vec<&str> = path.split("::").collect();
                let longest = (1..=parts.len()).rev().map(|end| parts[..end].join("::"));
                longest
                    .into_iter()
                    .find(|module| sources.contains_key(module))
            });
            (name.clone(), known.filter(|known| known != name).collect())
        })
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| self::files(folder));
    files.into_iter().chain(below).collect()
}

/// What a source names of its own crate, without `crate::`.
fn imports(source: &str) -> BTreeSet<String> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code: String = source
        .lines()
        .filter(is_code)
        .flat_map(|line| [line, " "])
        .collect();
    let mut found = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        expand(after, "", &mut found);
    }
    found
}

/// Reads a path or a group of them from the beginning of a text; returns what comes after.
fn expand<'a>(text: &'a str, prefix: &str, found: &mut BTreeSet<String>) -> &'a str {
    let Some(mut rest) = text.trim_start().strip_prefix('{') else {
        let is_name = |character: char| character.is_alphanumeric() || character == '_';
        let text = text.trim_start();
        let end = text
            .find(|character| !is_name(character))
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if let Some(below) = rest.strip_prefix("::") {
            return expand(below, &format!("{prefix}{name}::"), found);
        }
        found.insert(format!("{prefix}{name}"));
        return rest;
    };
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('}') {
            return after;
        }
        rest = expand(rest, prefix, found);
        match rest.find([',', '}']) {
            Some(end) if rest[end..].starts_with(',') => rest = &rest[end + 1..],
            Some(end) => rest = &rest[end..],
            None => return "",
        }
    }
}
