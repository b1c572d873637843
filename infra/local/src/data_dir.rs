//! The folder that holds everything: `DATA_DIR`.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::StartError;

/// Bytes of the key from which every key of an organization is derived.
const MASTER_KEY_BYTES: usize = 32;

/// `DATA_DIR`, ours alone for as long as this value lives.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the folder if need be, and takes it.
    pub(crate) fn open(path: &Path) -> Result<Self, StartError> {
        let unwritable = |source| StartError::DataDir {
            path: path.to_owned(),
            source,
        };
        for folder in ["recordings", "queues"] {
            fs::create_dir_all(path.join(folder)).map_err(unwritable)?;
        }
        let lock = File::create(path.join("lock")).map_err(unwritable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(StartError::DataDirInUse {
                path: path.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(unwritable(source)),
        }
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The embedded DynamoDB.
    pub(crate) fn table(&self) -> PathBuf {
        self.path.join("table.sqlite")
    }

    /// The queue that a function works from.
    pub(crate) fn queue(&self, function: &str) -> PathBuf {
        match function {
            // There was a time when it was the only one.
            "summarize" => self.path.join("queue.sqlite"),
            _ => self.path.join("queues").join(format!("{function}.sqlite")),
        }
    }

    /// The bucket.
    pub(crate) fn recordings(&self) -> PathBuf {
        self.path.join("recordings")
    }

    /// Where the demo remembers when it happened.
    pub(crate) fn demo(&self) -> PathBuf {
        self.path.join("demo.json")
    }

    /// The secret that the organizations' keys are derived from: made at the first start, readable by its
    /// owner only.
    pub(crate) fn master_key(&self) -> Result<Vec<u8>, StartError> {
        let path = self.path.join("master.key");
        match fs::read(&path) {
            Ok(key) if key.len() == MASTER_KEY_BYTES => Ok(key),
            Ok(key) => {
                let reason = format!("{} bytes instead of {MASTER_KEY_BYTES}", key.len());
                Err(StartError::Damaged { path, reason })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_master_key(&path).map_err(|source| StartError::DataDir { path, source })
            }
            Err(source) => Err(StartError::DataDir { path, source }),
        }
    }
}

fn make_master_key(path: &Path) -> io::Result<Vec<u8>> {
    let mut key = vec![0; MASTER_KEY_BYTES];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(&key)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_master_key_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let first = DataDir::open(folder.path()).unwrap().master_key().unwrap();
        let second = DataDir::open(folder.path()).unwrap().master_key().unwrap();
        assert_eq!(first, second);
        assert_ne!(first, [0; MASTER_KEY_BYTES]);
    }

    #[test]
    fn a_folder_serves_one_bundle_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = DataDir::open(folder.path()).unwrap();
        assert!(matches!(
            DataDir::open(folder.path()),
            Err(StartError::DataDirInUse { .. })
        ));
        drop(first);
        assert!(DataDir::open(folder.path()).is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a-file");
        fs::write(&file, "").unwrap();
        let message = DataDir::open(&file.join("inside")).unwrap_err().to_string();
        assert!(
            message.contains("a-file/inside") && message.contains("DATA_DIR"),
            "{message}"
        );
    }

    #[test]
    fn a_cut_off_master_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("master.key"), "short").unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        assert!(matches!(
            data_dir.master_key(),
            Err(StartError::Damaged { .. })
        ));
    }
}
