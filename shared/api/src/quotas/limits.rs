//! How much of what an organization may send in which time.

use std::num::NonZeroU32;

use jiff::{SignedDuration, Timestamp};
use platform::config::{ConfigError, Environment};

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quota {
    /// Sessions that nobody has heard of, of an organization in a minute.
    NewSessions,
    /// Identifications of an organization in a minute.
    Identifications,
    /// Identifications of one session in a minute.
    SessionIdentifications,
    /// Bytes of chunks, as sent, of an organization in a day (UTC).
    Bytes,
    /// Looks into the table for a session that may be known, of an organization in a minute: only where its
    /// new sessions are used up.
    Lookups,
    /// Tracked events of an organization's browser sources, whose keys anybody can read, in a minute.
    BrowserEvents,
    /// Tracked events of its server sources in a minute.
    ServerEvents,
}

/// Over which time a quota is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    /// A minute that begins with the first that is counted: no edge of the clock doubles what passes.
    Minute,
    /// A day of UTC.
    Day,
}

impl Quota {
    /// Its name in rows and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NewSessions => "new_sessions",
            Self::Identifications => "identifications",
            Self::SessionIdentifications => "session_identifications",
            Self::Bytes => "bytes",
            Self::Lookups => "lookups",
            Self::BrowserEvents => "browser_events",
            Self::ServerEvents => "server_events",
        }
    }

    pub(crate) fn window(self) -> Window {
        match self {
            Self::Bytes => Window::Day,
            _ => Window::Minute,
        }
    }

    /// How much of the limit an instance counts alone before it tells the others; `None`: it never does.
    ///
    /// So all instances together pass the limit by at most this part of it each.
    pub(crate) fn told_every(self, limit: u64) -> Option<u64> {
        match self {
            Self::NewSessions
            | Self::Identifications
            | Self::BrowserEvents
            | Self::ServerEvents => Some((limit / 20).max(1)),
            // Instances come and go within a day: what one has not told is forgotten with it.
            Self::Bytes => Some((limit / 500).max(1)),
            Self::SessionIdentifications | Self::Lookups => None,
        }
    }
}

impl Window {
    pub(crate) fn length(self) -> SignedDuration {
        match self {
            Self::Minute => SignedDuration::from_mins(1),
            Self::Day => SignedDuration::from_hours(24),
        }
    }

    /// When a window begins whose first is counted `now`.
    pub(crate) fn beginning(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Minute => now,
            Self::Day => self.shared(now),
        }
    }

    /// The window of all instances that `now` is in: one of the clock.
    pub(crate) fn shared(self, now: Timestamp) -> Timestamp {
        let length = self.length().as_secs();
        let begun = now.as_second().div_euclid(length) * length;
        Timestamp::from_second(begun).unwrap_or(now)
    }
}

/// The limits that hold for every organization, unless an operator gave it more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// [`Quota::NewSessions`].
    pub new_sessions_a_minute: NonZeroU32,
    /// [`Quota::Identifications`].
    pub identifications_a_minute: NonZeroU32,
    /// [`Quota::SessionIdentifications`].
    pub session_identifications_a_minute: NonZeroU32,
    /// [`Quota::Bytes`], in megabytes.
    pub megabytes_a_day: NonZeroU32,
    /// Chunks that one session may have.
    pub chunks_a_session: NonZeroU32,
    /// [`Quota::BrowserEvents`].
    pub browser_events_a_minute: NonZeroU32,
    /// [`Quota::ServerEvents`].
    pub server_events_a_minute: NonZeroU32,
}

const fn positive(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

impl Limits {
    /// What holds unless a variable says otherwise.
    pub const DEFAULT: Self = Self {
        new_sessions_a_minute: positive(600),
        // A new session is identified once, and again when somebody signs in.
        identifications_a_minute: positive(2_400),
        session_identifications_a_minute: positive(60),
        // Of 600 new sessions a minute all day, each with the 60 KB of some minutes.
        megabytes_a_day: positive(50_000),
        // A session of our recorder ends after 24 hours, and has six chunks a minute and one for each page.
        chunks_a_session: positive(20_000),
        // A thousand a second, Segment's own limit for a workspace (its HTTP API).
        browser_events_a_minute: positive(60_000),
        // Backfills go as fast as a backend can send.
        server_events_a_minute: positive(600_000),
    };

    /// The limits of recordings that the environment names, each a positive whole number.
    ///
    /// # Errors
    /// [`ConfigError`] for the first variable with another value.
    pub fn from_environment(environment: &Environment) -> Result<Self, ConfigError> {
        let number = |name, default| environment.parsed(name, "a whole number above 0", default);
        let Self {
            new_sessions_a_minute,
            identifications_a_minute,
            session_identifications_a_minute,
            megabytes_a_day,
            chunks_a_session,
            ..
        } = Self::DEFAULT;
        Ok(Self {
            new_sessions_a_minute: number("NEW_SESSIONS_A_MINUTE", new_sessions_a_minute)?,
            identifications_a_minute: number("IDENTIFICATIONS_A_MINUTE", identifications_a_minute)?,
            session_identifications_a_minute: number(
                "SESSION_IDENTIFICATIONS_A_MINUTE",
                session_identifications_a_minute,
            )?,
            megabytes_a_day: number("MEGABYTES_A_DAY", megabytes_a_day)?,
            chunks_a_session: number("CHUNKS_A_SESSION", chunks_a_session)?,
            ..Self::DEFAULT
        })
    }

    /// The same with the limits of tracked events that the environment names.
    ///
    /// # Errors
    /// As [`Self::from_environment`].
    pub fn with_events_of(self, environment: &Environment) -> Result<Self, ConfigError> {
        let number = |name, default| environment.parsed(name, "a whole number above 0", default);
        let Self {
            megabytes_a_day,
            browser_events_a_minute,
            server_events_a_minute,
            ..
        } = self;
        Ok(Self {
            megabytes_a_day: number("MEGABYTES_A_DAY", megabytes_a_day)?,
            browser_events_a_minute: number("BROWSER_EVENTS_A_MINUTE", browser_events_a_minute)?,
            server_events_a_minute: number("SERVER_EVENTS_A_MINUTE", server_events_a_minute)?,
            ..self
        })
    }

    /// The limit of a quota, for an organization that may begin `new_sessions` a minute if an operator said
    /// so.
    pub(crate) fn of(&self, quota: Quota, new_sessions: Option<NonZeroU32>) -> u64 {
        let new_sessions = new_sessions.unwrap_or(self.new_sessions_a_minute);
        match quota {
            // Whatever is never taken for a new session is looked for, so as often at most.
            Quota::NewSessions | Quota::Lookups => u64::from(new_sessions.get()),
            // More sessions are identified more often.
            Quota::Identifications => {
                let more = u64::from(new_sessions.get())
                    * u64::from(self.identifications_a_minute.get())
                    / u64::from(self.new_sessions_a_minute.get());
                more.max(u64::from(self.identifications_a_minute.get()))
            }
            Quota::SessionIdentifications => u64::from(self.session_identifications_a_minute.get()),
            Quota::Bytes => u64::from(self.megabytes_a_day.get()) * 1_000_000,
            Quota::BrowserEvents => u64::from(self.browser_events_a_minute.get()),
            Quota::ServerEvents => u64::from(self.server_events_a_minute.get()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_a_variable_and_a_wrong_one_is_named() {
        assert_eq!(
            Limits::from_environment(&Environment::default()),
            Ok(Limits::DEFAULT)
        );
        for name in [
            "NEW_SESSIONS_A_MINUTE",
            "IDENTIFICATIONS_A_MINUTE",
            "SESSION_IDENTIFICATIONS_A_MINUTE",
            "MEGABYTES_A_DAY",
            "CHUNKS_A_SESSION",
            "BROWSER_EVENTS_A_MINUTE",
            "SERVER_EVENTS_A_MINUTE",
        ] {
            let read = |value| {
                let environment = [(name, value)].into_iter().collect();
                Limits::from_environment(&environment)?.with_events_of(&environment)
            };
            assert_ne!(read("7").unwrap(), Limits::DEFAULT, "{name}");
            for value in ["0", "-1", "many", "4294967296"] {
                let error = read(value).unwrap_err().to_string();
                assert!(error.starts_with(name), "{error}");
            }
        }
    }

    #[test]
    fn who_may_begin_more_sessions_may_identify_more() {
        let more = NonZeroU32::new(6_000);
        assert_eq!(Limits::DEFAULT.of(Quota::NewSessions, more), 6_000);
        assert_eq!(Limits::DEFAULT.of(Quota::Identifications, more), 24_000);
        assert_eq!(Limits::DEFAULT.of(Quota::Identifications, None), 2_400);
    }
}
