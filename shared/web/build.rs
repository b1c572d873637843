//! Bundles the scripts and styles with esbuild; `npm ci` first where its packages are missing or old.

use std::path::Path;
use std::process::{Command, exit};
use std::{env, fs};

/// The oldest Node whose `fetch`, streams and test runner the package counts on.
const OLDEST_NODE: u32 = 18;

const SOURCES: [&str; 8] = [
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "build.mjs",
    "rrweb.mjs",
    "companion/src",
    "recorder/src",
    "player/src",
];

fn main() {
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
    }
    // Cargo runs this file in its package's folder.
    check_node();
    if !installed() {
        run(
            "npm",
            &["ci", "--no-audit", "--no-fund", "--loglevel=error"],
        );
    }
    let folder = env::var("OUT_DIR").unwrap_or_else(|error| fail(&format!("OUT_DIR: {error}")));
    run("node", &["build.mjs", &folder]);
}

fn check_node() {
    let version = Command::new("node").arg("--version").output();
    let major = version.ok().and_then(|output| {
        let text = String::from_utf8(output.stdout).ok()?;
        text.strip_prefix('v')?.split('.').next()?.parse().ok()
    });
    if major.is_none_or(|major: u32| major < OLDEST_NODE) {
        fail(&format!(
            "Node {OLDEST_NODE} or newer is missing: the recorder and the player are bundled with it. \
             Install it from https://nodejs.org, or `apt-get install nodejs npm`, then try again."
        ));
    }
}

/// Whether npm has installed what the lock file says: npm writes its own copy of that file last.
fn installed() -> bool {
    let changed = |path: &str| fs::metadata(Path::new(path)).and_then(|file| file.modified());
    match (
        changed("package-lock.json"),
        changed("node_modules/.package-lock.json"),
    ) {
        (Ok(locked), Ok(installed)) => installed >= locked,
        _ => false,
    }
}

fn run(program: &str, arguments: &[&str]) {
    let output = match Command::new(program).args(arguments).output() {
        Ok(output) => output,
        Err(error) => fail(&format!(
            "{program} could not be run ({error}). Node {OLDEST_NODE} or newer comes with it; on Debian it is a \
             package of its own: `apt-get install npm`."
        )),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        fail(&format!("{program} {}\n{said}", arguments.join(" ")));
    }
}

fn fail(message: &str) -> ! {
    eprintln!("\n{message}\n");
    exit(1);
}
