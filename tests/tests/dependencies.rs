//! Who may know whom, and what a function may link: read from Cargo's own metadata.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// A package of this workspace.
struct Package {
    name: String,
    /// Its folder from the workspace's root: `functions/canvas`.
    folder: String,
    /// Crates of ours that its code knows, tests left out.
    knows: BTreeSet<String>,
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn packages() -> Vec<Package> {
    let metadata = cargo(&["metadata", "--format-version=1", "--no-deps", "--locked"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let root = Path::new(metadata["workspace_root"].as_str().unwrap());
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().unwrap());
            let folder = manifest.parent().unwrap().strip_prefix(root).unwrap();
            let ours = package["dependencies"].as_array().unwrap().iter();
            let ours = ours.filter(|dependency| dependency["path"].is_string());
            let knows = ours
                .filter(|dependency| dependency["kind"].is_null())
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned());
            Package {
                name: package["name"].as_str().unwrap().to_owned(),
                folder: folder.to_str().unwrap().to_owned(),
                knows: knows.collect(),
            }
        })
        .collect()
}

/// Folders whose crates a package in this folder may know; `None` where anything goes.
///
/// A crate of these that the workspace does not have is no mistake: the rule waits for it.
fn may_know(folder: &str) -> Option<&'static [&'static str]> {
    Some(match folder {
        "shared/identity" | "shared/intercom" | "shared/platform" | "shared/replay"
        | "shared/web" => &[],
        "shared/audience" => &[],
        "shared/table" => &["shared/identity"],
        "shared/store" => &["shared/identity", "shared/replay", "shared/table"],
        // Of Intercom's the bodies of what it is told.
        "shared/tracking" => &["shared/identity", "shared/intercom"],
        "shared/wiring" => &[
            "shared/identity",
            "shared/intercom",
            "shared/mirror",
            "shared/outbox",
            "shared/platform",
            "shared/store",
            "shared/table",
        ],
        "shared/tasks" => &[
            "shared/identity",
            "shared/outbox",
            "shared/platform",
            "shared/store",
        ],
        // Of Intercom's how names are signed.
        "shared/api" => &[
            "shared/identity",
            "shared/intercom",
            "shared/mirror",
            "shared/outbox",
            "shared/platform",
            "shared/store",
            "shared/table",
        ],
        // Of Intercom's its addresses, which are some of ours.
        "shared/pages" => &[
            "shared/identity",
            "shared/intercom",
            "shared/platform",
            "shared/store",
            "shared/table",
            "shared/wiring",
        ],
        "shared/outbox" => &[
            "shared/identity",
            "shared/intercom",
            "shared/platform",
            "shared/table",
        ],
        // Of Intercom's what it says of companies, contacts, conversations and events.
        "shared/mirror" => &["shared/identity", "shared/intercom", "shared/table"],
        "shared/notification" => &[
            "shared/identity",
            "shared/intercom",
            "shared/mirror",
            "shared/platform",
            "shared/store",
            "shared/table",
            "shared/tasks",
            "shared/wiring",
        ],
        _ if folder.starts_with("functions/") => &["shared/"],
        _ => return None,
    })
}

/// Whether a folder is the one that is allowed, or is below it where that ends with a slash.
fn is_within(folder: &str, allowed: &str) -> bool {
    folder == allowed || (allowed.ends_with('/') && folder.starts_with(allowed))
}

#[test]
fn each_crate_knows_those_below_it_and_no_function_knows_another() {
    let packages = packages();
    assert!(packages.len() > 5, "the workspace was read");
    for package in &packages {
        let Some(allowed) = may_know(&package.folder) else {
            assert!(
                !package.folder.starts_with("shared/"),
                "{}: say here whom it may know",
                package.folder
            );
            continue;
        };
        for known in &package.knows {
            let known = packages.iter().find(|other| other.name == *known).unwrap();
            assert!(
                allowed
                    .iter()
                    .any(|allowed| is_within(&known.folder, allowed)),
                "{} may not know {}",
                package.folder,
                known.folder
            );
        }
    }
}

/// A second TLS stack is megabytes of binary and milliseconds of start; AWS-LC gathers entropy for 24 ms of
/// CPU at the first handshake, which are 161 ms under the quota of 256 MB; what emulates AWS belongs on no
/// server.
#[test]
fn a_function_links_one_tls_stack_and_nothing_that_is_for_tests() {
    const UNWANTED: [&str; 8] = [
        "aws-lc-sys",
        "openssl-sys",
        "native-tls",
        "reqwest",
        "aws-config",
        "dynoxide-rs",
        "rusqlite",
        "axum",
    ];
    for package in packages() {
        if !package.folder.starts_with("functions/") {
            continue;
        }
        let linked = cargo(&[
            "tree",
            "--locked",
            "--edges=normal,no-proc-macro",
            "--prefix=none",
            "--format={p}",
            "--package",
            &package.name,
        ]);
        let linked: BTreeSet<&str> = linked
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert!(
            linked.contains("ring"),
            "{}: the tree was read",
            package.name
        );
        for unwanted in UNWANTED {
            assert!(
                !linked.contains(unwanted),
                "{} links {unwanted}",
                package.name
            );
        }
    }
}
