//! The functions, as their sources have them.

use std::fs;
use std::path::{Path, PathBuf};

/// A function: a program of a package under `functions/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Function {
    /// What the program and, in the stack, the function is called.
    pub name: String,
    /// The package, which bears the name of its only program or has several in `src/bin`.
    pub package: String,
}

impl Function {
    /// All of them, by name.
    ///
    /// # Panics
    /// When the folder `functions` cannot be read.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = names(&root()).iter().flat_map(|name| of(name)).collect();
        all.sort();
        all
    }

    /// The one of that name.
    ///
    /// # Panics
    /// When there is none.
    pub fn named(name: &str) -> Self {
        let mut all = Self::all().into_iter();
        all.find(|function| function.name == name).unwrap()
    }

    /// The folder with what it is measured with.
    pub fn bench(&self) -> PathBuf {
        let bench = root().join(&self.package).join("bench");
        match self.name == self.package {
            true => bench,
            false => bench.join(&self.name),
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions")
}

/// The functions of a package.
fn of(package: &str) -> Vec<Function> {
    let sources = root().join(package).join("src");
    let mut programs: Vec<String> = match sources.join("bin").is_dir() {
        true => names(&sources.join("bin")),
        false => Vec::new(),
    };
    if sources.join("main.rs").is_file() {
        programs.push(package.to_owned());
    }
    let function = |name: String| Function {
        name: name.trim_end_matches(".rs").to_owned(),
        package: package.to_owned(),
    };
    programs.into_iter().map(function).collect()
}

/// What is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}
