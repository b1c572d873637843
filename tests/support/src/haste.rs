//! Pauses cut short, for tests that have thousands of answers lost.

use std::time::Duration;

use aws_sdk_dynamodb::config::{AsyncSleep, Sleep};

/// The longest pause that the product makes between two attempts. What is longer is somebody's patience, and
/// stays.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// So much shorter a pause is.
const TIMES: u32 = 100;

/// Sleeps for a hundredth of each pause.
#[derive(Debug)]
pub(crate) struct Haste;

impl AsyncSleep for Haste {
    fn sleep(&self, duration: Duration) -> Sleep {
        let is_pause = duration <= LONGEST_PAUSE;
        let duration = if is_pause { duration / TIMES } else { duration };
        Sleep::new(tokio::time::sleep(duration))
    }
}
