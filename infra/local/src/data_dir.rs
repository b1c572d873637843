//! The folder that holds everything: `DATA_DIR`.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use crate::{StartError, private};

/// Bytes of the key from which every key of an organization is derived.
const MASTER_KEY_BYTES: usize = 32;

/// What stands in `DATA_DIR`. Whatever else somebody keeps there is left alone.
const OURS: [&str; 14] = [
    "applied-keys.json",
    "demo.json",
    "lock",
    "master.key",
    "queue.sqlite",
    "queue.sqlite-shm",
    "queue.sqlite-wal",
    "queues",
    "recordings",
    "sign-of-life.json",
    "table.sqlite",
    "table.sqlite-journal",
    "table.sqlite-shm",
    "table.sqlite-wal",
];

/// `DATA_DIR`, ours alone for as long as this value lives.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the folder if need be, and takes it: from everybody but its owner, too, with all of ours in
    /// it.
    pub(crate) fn open(path: &Path) -> Result<Self, StartError> {
        let unwritable = |source| StartError::DataDir {
            path: path.to_owned(),
            source,
        };
        for folder in ["recordings", "queues"] {
            private::make_folder(&path.join(folder)).map_err(unwritable)?;
        }
        private::repair_folder(path).map_err(unwritable)?;
        let lock = File::create(path.join("lock")).map_err(unwritable)?;
        match lock.try_lock() {
            Ok(()) => {
                for name in OURS {
                    private::repair(&path.join(name)).map_err(unwritable)?;
                }
                Ok(Self {
                    path: path.to_owned(),
                    _lock: lock,
                })
            }
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

    /// Where the secret stands that everything is hashed and encrypted with.
    pub(crate) fn master_key_file(&self) -> PathBuf {
        self.path.join("master.key")
    }

    /// Which keys of the configuration were applied.
    pub(crate) fn applied_keys(&self) -> PathBuf {
        self.path.join("applied-keys.json")
    }

    /// When the bundle was last seen.
    pub(crate) fn sign_of_life(&self) -> PathBuf {
        self.path.join("sign-of-life.json")
    }

    /// The secret that the organizations' keys are derived from: made at the first start, before the
    /// table, readable by its owner only.
    ///
    /// # Errors
    /// [`StartError::MasterKeyMissing`] when there is a table already: nothing in it could be read with
    /// a new key.
    pub(crate) fn master_key(&self) -> Result<Vec<u8>, StartError> {
        let path = self.master_key_file();
        match fs::read(&path) {
            Ok(key) if key.len() == MASTER_KEY_BYTES => Ok(key),
            Ok(key) => {
                let reason = format!("{} bytes instead of {MASTER_KEY_BYTES}", key.len());
                Err(StartError::Damaged { path, reason })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if self.table().exists() {
                    return Err(StartError::MasterKeyMissing { path });
                }
                make_master_key(&path).map_err(|source| StartError::DataDir { path, source })
            }
            Err(source) => Err(StartError::DataDir { path, source }),
        }
    }
}

fn make_master_key(path: &Path) -> io::Result<Vec<u8>> {
    let mut key = vec![0; MASTER_KEY_BYTES];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    private::write(path, &key)?;
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

    #[test]
    fn no_new_master_key_is_made_for_a_table_that_has_lost_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        data_dir.master_key().unwrap();
        fs::write(data_dir.table(), "rows").unwrap();
        fs::remove_file(folder.path().join("master.key")).unwrap();
        for _ in 0..2 {
            let error = data_dir.master_key().unwrap_err();
            assert!(
                matches!(error, StartError::MasterKeyMissing { .. }),
                "{error}"
            );
            assert!(error.to_string().contains("master.key"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn nobody_but_its_owner_reads_the_folder_and_what_was_open_is_closed() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let ours = ["recordings/30/o/s/0.zst", "master.key", "table.sqlite"];
        for file in ours.into_iter().chain(["notes.txt"]) {
            let file = path.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, [0; MASTER_KEY_BYTES]).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let data_dir = DataDir::open(&path).unwrap();
        data_dir.master_key().unwrap();
        for (name, mode) in [
            ("", 0o700),
            ("lock", 0o600),
            ("queues", 0o700),
            ("recordings/30/o", 0o700),
            ("recordings/30/o/s/0.zst", 0o600),
            ("master.key", 0o600),
            ("table.sqlite", 0o600),
            ("notes.txt", 0o644),
        ] {
            let permissions = fs::metadata(path.join(name)).unwrap().permissions();
            assert_eq!(permissions.mode() & 0o777, mode, "{name}");
        }
    }
}
