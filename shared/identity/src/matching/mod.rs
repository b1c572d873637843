//! Which session may be that of somebody who wrote and is not known: scoring of possible matches.
//!
//! Somebody wrote on a page at a moment, with a browser; sessions were going on. The one that fits, when it
//! fits well and no other one comes near, is shown as possibly theirs. What is compared is in `score`, and
//! what browsers and systems are called in `families`.
//!
//! What we do not compare, because we do not know it: Intercom tells nobody's address on the network, and a
//! recording has neither a country nor a city. So two people in one office differ only by their pages and
//! browsers, and whoever is not recorded may be taken for somebody who is. How often that happens is
//! measured, by `infra/bench/benches/matching`.

mod families;
mod score;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ClientDetails, PageAddress, PersonId, SessionId};
use score::Weighed;

pub use score::{CONFIDENCE_MARGIN, ENOUGH_LIVE_SESSIONS, LEAST_CONFIDENCE, MOST_CANDIDATES};

/// Somebody unknown wrote.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// When.
    pub at: Timestamp,
    /// On which page.
    pub page: &'a PageAddress,
    /// With what.
    pub client: &'a ClientDetails,
}

/// An anonymous session that was going on then. All times are by our clock.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The session.
    pub session: SessionId,
    /// Its pages.
    pub visits: Vec<Visit>,
    /// The last sign of life.
    pub last_active_at: Timestamp,
    /// With what it was recorded.
    pub client: ClientDetails,
}

/// A page that was on screen for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Which page.
    pub page: PageAddress,
    /// When it was opened.
    pub from: Timestamp,
    /// When another one was opened; `None` when none was, as far as is known.
    pub until: Option<Timestamp>,
}

/// The session that fits best, by itself and beside all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// The session.
    pub session: SessionId,
    /// How likely it is, percent, at most 95.
    pub confidence: u8,
    /// What speaks for it, strongest first.
    pub reasons: Vec<Reason>,
}

/// A session that may be somebody's, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PossibleMatch {
    /// The session.
    pub session: SessionId,
    /// Whose it is.
    pub person: PersonId,
    /// How likely it is, percent, at most 95.
    pub confidence: u8,
    /// What speaks for it, strongest first.
    pub reasons: Vec<Reason>,
    /// When it was found.
    pub matched_at: Timestamp,
}

/// What speaks for a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The page that the conversation began on was open then.
    SamePage,
    /// Something happened in the session within a minute of it.
    ActiveThen,
    /// The same browser.
    SameBrowser,
    /// The same major version of it.
    SameVersion,
    /// The same operating system.
    SameSystem,
    /// The same language.
    SameLanguage,
}

/// The candidate that fits, if one does and no other one comes near.
///
/// `candidates`: all sessions that had the page in the half hour before, or so many that there are more than
/// [`MOST_CANDIDATES`]; their order does not matter. `live_sessions`: all that were going on in that time, on
/// whatever page.
#[must_use]
pub fn best(
    occasion: &Occasion<'_>,
    candidates: &[Candidate],
    live_sessions: usize,
) -> Option<Scored> {
    if candidates.len() > MOST_CANDIDATES
        || score::is_everywhere(occasion.page, candidates.len(), live_sessions)
    {
        return None;
    }
    let mut weighed: Vec<Weighed> = candidates
        .iter()
        .filter_map(|candidate| score::weigh(occasion, candidate))
        .collect();
    weighed.sort_by_key(|weighed| weighed.scored.confidence);
    let Weighed { scored, differs } = weighed.pop()?;
    let second = weighed.last().map_or(0, |second| second.scored.confidence);
    let fits = !differs
        && scored.confidence >= LEAST_CONFIDENCE
        && scored.confidence - second >= CONFIDENCE_MARGIN;
    fits.then_some(scored)
}

#[cfg(test)]
mod tests;
