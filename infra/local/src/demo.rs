//! The demo: people with conversations and recordings, told as if they had just happened.
//!
//! Recordings go in through the bundle's own HTTP routes, as a recorder's would. Everything derives from one
//! moment that `DATA_DIR` remembers, so a restart uploads the same bytes again, and nothing changes.

mod cast;
mod recording;
mod upload;

use std::{fs, io, path::PathBuf};

use intercom::fake::FakeConversation;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{StartError, data_dir::DataDir, private};

pub(crate) use upload::Destination;

/// After this long the story is told anew, with fresh sessions: recordings expire, and an Inbox with old
/// conversations only has nothing to show.
const FRESH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The demo of one `DATA_DIR`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Demo {
    /// The moment that everything is told from: the first start.
    told_at: Timestamp,
}

impl Demo {
    /// The demo that `DATA_DIR` remembers, or a new one told at `now`.
    pub(crate) fn open(data_dir: &DataDir, now: Timestamp) -> Result<Self, StartError> {
        let path = data_dir.demo();
        let remembered: Option<Self> = match fs::read(&path) {
            // A file that cannot be understood is as good as none: it holds nothing but a moment.
            Ok(text) => serde_json::from_slice(&text).ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(StartError::DataDir { path, source }),
        };
        match remembered.filter(|demo| now.duration_since(demo.told_at) < FRESH) {
            Some(demo) => Ok(demo),
            None => Self::remember(path, now),
        }
    }

    fn remember(path: PathBuf, now: Timestamp) -> Result<Self, StartError> {
        let demo = Self { told_at: now };
        let text = serde_json::json!(demo).to_string();
        private::write(&path, text.as_bytes())
            .map_err(|source| StartError::DataDir { path, source })?;
        Ok(demo)
    }

    /// What stands in the Inbox.
    pub(crate) fn conversations(&self) -> Vec<FakeConversation> {
        cast::CAST
            .iter()
            .map(|persona| persona.conversation(self.told_at))
            .collect()
    }

    /// Uploads the recordings to a bundle, and waits until they are summarized.
    pub(crate) async fn upload(&self, to: &Destination) -> Result<(), StartError> {
        let recorder = upload::Recorder::new(to);
        let visits = || {
            cast::CAST
                .iter()
                .flat_map(|persona| persona.visits(self.told_at))
        };
        let demo = |error: upload::UploadError| StartError::Demo(error.to_string());
        for visit in visits() {
            recorder.send(&visit).await.map_err(demo)?;
        }
        for visit in visits() {
            recorder
                .wait_for_summary(&visit.session_id)
                .await
                .map_err(demo)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_restart_tells_the_same_story_and_a_late_one_a_new_story() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        let week = 7 * 24 * 3600;
        let cases = [
            (1_000_000, 1_000_000),
            (1_000_000 + week - 1, 1_000_000),
            (1_000_000 + week, 1_000_000 + week),
        ];
        for (now, told_at) in cases {
            assert_eq!(
                Demo::open(&data_dir, at(now)).unwrap().told_at,
                at(told_at),
                "now {now}"
            );
        }
    }

    #[test]
    fn a_broken_file_starts_a_new_story() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        fs::write(data_dir.demo(), "{").unwrap();
        assert_eq!(Demo::open(&data_dir, at(5)).unwrap().told_at, at(5));
    }
}
