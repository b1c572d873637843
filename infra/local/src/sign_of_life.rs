//! By which time the sweep goes: a clock that is ahead must not delete what is still to be kept.
//!
//! A machine may have been off for a month, and its clock may be a month ahead: both look alike. So a
//! time far beyond the last sign of life is doubted. Until the bundle has run for a day with it, the
//! sweep goes by the last time that was not doubted: what had expired by then goes, and all else stays a
//! little longer, unseen, because reads leave out what has expired. A clock that is set right meanwhile
//! ends the doubt.

use std::path::{Path, PathBuf};
use std::{fs, io};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{StartError, private};

/// A machine may be off for so long without a doubt.
const USUAL_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// How long the bundle has to run with a time that is doubted.
const PROBATION: SignedDuration = SignedDuration::from_hours(24);

/// Two looks that are further apart have a pause between them, and not a run.
const LONGEST_STEP: SignedDuration = SignedDuration::from_mins(30);

/// The last signs of life of a `DATA_DIR`, and the file that remembers them.
#[derive(Debug)]
pub(crate) struct SignOfLife {
    path: PathBuf,
    seen: Seen,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// The last time that was not doubted.
    trusted: Timestamp,
    #[serde(default)]
    doubted: Option<Doubted>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Doubted {
    /// The last look.
    last: Timestamp,
    /// How long the bundle has run since the doubt began, seconds.
    ran_seconds: i64,
}

impl SignOfLife {
    /// What the file remembers. Without it, as at the first start of this version, the last change of
    /// the table is the last sign of life; without a table, `now`.
    pub(crate) fn open(path: PathBuf, table: &Path, now: Timestamp) -> Result<Self, StartError> {
        let seen = match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| StartError::Damaged {
                path: path.clone(),
                reason: error.to_string(),
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Seen {
                trusted: changed_at(table).unwrap_or(now),
                doubted: None,
            },
            Err(source) => return Err(StartError::DataDir { path, source }),
        };
        Ok(Self { path, seen })
    }

    /// Notes a sign of life at `now`, and says by which time to sweep.
    pub(crate) fn look(&mut self, now: Timestamp) -> io::Result<Timestamp> {
        self.seen.look(now);
        let text = serde_json::json!(self.seen).to_string();
        private::write(&self.path, text.as_bytes())?;
        Ok(self.seen.trusted)
    }
}

impl Seen {
    fn look(&mut self, now: Timestamp) {
        if now.duration_since(self.trusted) <= USUAL_PAUSE {
            // Also when the clock was put back: nothing expires too early by an early clock.
            (self.trusted, self.doubted) = (now, None);
            return;
        }
        let ran = self
            .doubted
            .as_ref()
            .map_or(SignedDuration::ZERO, |doubted| {
                let before = SignedDuration::from_secs(doubted.ran_seconds);
                match now.duration_since(doubted.last) {
                    step if step < SignedDuration::ZERO || step > USUAL_PAUSE => {
                        SignedDuration::ZERO
                    }
                    step if step > LONGEST_STEP => before,
                    step => before + step,
                }
            });
        if ran >= PROBATION {
            (self.trusted, self.doubted) = (now, None);
        } else {
            self.doubted = Some(Doubted {
                last: now,
                ran_seconds: ran.as_secs(),
            });
        }
    }
}

fn changed_at(file: &Path) -> Option<Timestamp> {
    let changed = fs::metadata(file).ok()?.modified().ok()?;
    Timestamp::try_from(changed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    /// Looks at these times, every ten minutes in between when `to` says so.
    fn trusted_after(looks: &[(i64, i64)]) -> i64 {
        let mut seen = Seen {
            trusted: at(0),
            doubted: None,
        };
        for &(from, to) in looks {
            for second in (from..=to).step_by(600) {
                seen.look(at(second));
            }
        }
        seen.trusted.as_second() - at(0).as_second()
    }

    #[test]
    fn a_time_far_beyond_the_last_sign_of_life_counts_once_the_bundle_has_run_with_it() {
        let month = 30 * DAY;
        for (name, looks, expected) in [
            ("an hour later", vec![(3600, 3600)], 3600),
            ("the next day", vec![(DAY, DAY)], DAY),
            ("a month later", vec![(month, month)], 0),
            ("for an hour", vec![(month, month + 3600)], 0),
            ("for a day", vec![(month, month + DAY)], month + DAY),
            (
                "in two parts",
                vec![(month, month + DAY / 2), (month + DAY, month + DAY * 3 / 2)],
                month + DAY * 3 / 2,
            ),
            (
                "and ahead once more",
                vec![(month, month + DAY / 2), (9 * month, 9 * month + DAY / 2)],
                0,
            ),
            ("set right", vec![(month, month + 3600), (7200, 7200)], 7200),
            ("put back", vec![(-month, -month)], -month),
        ] {
            assert_eq!(trusted_after(&looks), expected, "{name}");
        }
    }

    #[test]
    fn a_sign_of_life_outlives_a_restart_and_begins_with_the_tables_last_change() {
        let folder = tempfile::tempdir().unwrap();
        let (path, table) = (folder.path().join("seen"), folder.path().join("table"));
        fs::write(&table, "").unwrap();
        let changed = changed_at(&table).unwrap();
        let ahead = changed + SignedDuration::from_hours(24 * 400);
        for _ in 0..2 {
            let mut sign = SignOfLife::open(path.clone(), &table, ahead).unwrap();
            assert_eq!(sign.look(ahead).unwrap(), changed);
        }
    }
}
