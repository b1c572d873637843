//! Which keys of the configuration were applied, so that a restart applies only what was changed in it.
//!
//! An admin may have replaced a key meanwhile: whoever starts the bundle again, with the same
//! configuration, does not ask for the old key back.

use std::{fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{ApiKey, Config, StartError, data_dir::DataDir, private};

/// Digests of the keys that the configuration named the last time.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppliedKeys {
    write: Option<String>,
    secret: Option<String>,
    source: Option<String>,
}

impl AppliedKeys {
    /// Those that `DATA_DIR` remembers; none at the first start.
    pub(crate) fn read(data_dir: &DataDir) -> Result<Self, StartError> {
        let path = data_dir.applied_keys();
        match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| StartError::Damaged {
                path,
                reason: error.to_string(),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(StartError::DataDir { path, source }),
        }
    }

    /// Those of a configuration.
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            write: Some(digest(&config.write_key)),
            secret: Some(digest(&config.secret_key)),
            source: Some(digest(&config.source_key)),
        }
    }

    /// Whether the configuration still names the write key that it named then.
    pub(crate) fn has_write_key(&self, key: &ApiKey) -> bool {
        self.write.as_ref() == Some(&digest(key))
    }

    /// Whether the configuration still names the secret key that it named then.
    pub(crate) fn has_secret_key(&self, key: &ApiKey) -> bool {
        self.secret.as_ref() == Some(&digest(key))
    }

    /// Whether the configuration still names the source's key that it named then.
    pub(crate) fn has_source_key(&self, key: &ApiKey) -> bool {
        self.source.as_ref() == Some(&digest(key))
    }

    /// Remembers them. What breaks off before is applied again, which changes nothing.
    pub(crate) fn remember(&self, data_dir: &DataDir) -> Result<(), StartError> {
        let path: PathBuf = data_dir.applied_keys();
        let text = serde_json::json!(self).to_string();
        private::write(&path, text.as_bytes())
            .map_err(|source| StartError::DataDir { path, source })
    }
}

fn digest(key: &ApiKey) -> String {
    table::digest(key.reveal().as_bytes())
}
