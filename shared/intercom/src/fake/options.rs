//! What a fake Intercom is told when it is made.

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::signature::ClientSecret;

/// How a fake Intercom behaves. Made with [`Options::new`], which is the real one but for its delays.
#[derive(Debug, Clone)]
pub struct Options {
    /// The app in Intercom's Developer Hub.
    pub client_id: String,
    /// What proves that somebody is the app: then codes are exchanged.
    pub client_secret: ClientSecret,
    /// What time it is.
    pub clock: Clock,
    /// How long searches do not show what has changed.
    pub search_lag: SignedDuration,
    /// How much an app may ask of a workspace.
    pub rate: Rate,
    /// Most results on a page of a search.
    pub largest_page: usize,
    /// Whether the e-mail of a user cannot be given to another one: where the workspace has no duplicates,
    /// Intercom answers 409 to it.
    pub emails_are_unique: bool,
    /// Whether calls to a contact that was merged are answered 410 with the one that it was merged into,
    /// whatever version they ask for. Else versions before 2.16 are answered 404.
    pub tells_of_merges: bool,
    /// How long a deleted user is still in the way of another one with the same ids, and cannot be restored.
    pub deletion_takes: SignedDuration,
    /// Whether the size of a numbered page is answered as a text, as Intercom does at times.
    pub page_size_is_text: bool,
    /// Whether it tells which conversations are gone: older workspaces do not.
    pub tells_of_deleted: bool,
    /// Whether the app may read tickets; without it they are nowhere.
    pub may_read_tickets: bool,
    /// After how long without a call a scroll is over.
    pub scroll_idle: SignedDuration,
}

/// So many calls in each window; one more is answered 429.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Calls of an app in a window, for each workspace.
    pub calls: u64,
    /// How long a window is.
    pub window: SignedDuration,
}

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Options {
    /// Searches show everything at once; rates and pages are as large as Intercom's.
    #[must_use]
    pub fn new(client_id: &str, client_secret: ClientSecret) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_secret,
            clock: Clock::new(Timestamp::now),
            search_lag: SignedDuration::ZERO,
            rate: Rate {
                calls: 1_666,
                window: SignedDuration::from_secs(10),
            },
            largest_page: 150,
            emails_are_unique: true,
            tells_of_merges: false,
            deletion_takes: SignedDuration::ZERO,
            page_size_is_text: false,
            tells_of_deleted: true,
            may_read_tickets: true,
            scroll_idle: SignedDuration::from_mins(1),
        }
    }

    /// The same by another clock than the machine's.
    #[must_use]
    pub fn with_clock(mut self, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }
}

impl Clock {
    fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Clock({})", self.now())
    }
}
