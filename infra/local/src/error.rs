//! Why the bundle cannot start. Each text says what to do about it.

use std::{io, path::PathBuf};

use platform::config::ConfigError;

/// Why the bundle cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An environment variable has a value that cannot be used.
    #[error("{0}.")]
    Variable(#[from] ConfigError),
    /// Somebody else listens there.
    #[error(
        "Port {port} is taken. Stop what listens on it, or choose another: PORT=9001 make run."
    )]
    PortTaken {
        /// On 127.0.0.1.
        port: u16,
    },
    /// The system refuses the port for another reason, such as one that is reserved.
    #[error(
        "Cannot listen on 127.0.0.1:{port} ({source}). Choose another port: PORT=9001 make run."
    )]
    Listen {
        /// On 127.0.0.1.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// The folder cannot be made or written.
    #[error("Cannot write in {path} ({source}). Make it writable, or choose another folder with DATA_DIR.", path = path.display())]
    DataDir {
        /// What could not be written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Two bundles must not share a folder: each would summarize what the other already has.
    #[error("Recapt is already running with this DATA_DIR, {path}. Stop it, or choose another folder.", path = path.display())]
    DataDirInUse {
        /// `DATA_DIR`.
        path: PathBuf,
    },
    /// What stands in the folder cannot be read back.
    #[error("Cannot read {path} ({reason}). Move the folder away to start afresh.", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// There are data, and the key that they were written with is gone.
    #[error(
        "{path} is missing, and what is stored cannot be read without it. \
         Put it back, or move DATA_DIR away to start afresh.", path = path.display()
    )]
    MasterKeyMissing {
        /// Where it was.
        path: PathBuf,
    },
    /// There are data, and they were written with another key.
    #[error(
        "{path} is not the key that what is stored was written with. \
         Put that one back, or move DATA_DIR away to start afresh.", path = path.display()
    )]
    WrongMasterKey {
        /// The key's file.
        path: PathBuf,
    },
    /// The table could not be made or the organization could not be written.
    #[error("The table does not work ({0}). Move DATA_DIR away to start afresh.")]
    Table(String),
    /// The demo data could not be uploaded to the bundle's own routes.
    #[error("The demo data could not be uploaded ({0}). Start without them: DEMO=0 make run.")]
    Demo(String),
}
