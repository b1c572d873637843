//! How much speaks for one session. Everything that decides is a number on this page.

use jiff::SignedDuration;

use super::{Candidate, Occasion, Reason, Scored};
use crate::PageAddress;
use crate::matching::families::{self, Comparison};

/// What each fact adds, percent, and why so much; strongest first.
///
/// A page and a sign of life at the right moment are what few sessions share, so together they make most of a
/// match, and neither is enough alone. A browser is shared by thousands: it decides between sessions on the
/// same page, no more. Weights add up like evidence in logarithms, roughly; what they are worth is measured,
/// not believed.
const WEIGHTS: [(Reason, u8); 6] = [
    (Reason::SamePage, 45),
    (Reason::ActiveThen, 15),
    (Reason::SameBrowser, 5),
    (Reason::SameVersion, 5),
    (Reason::SameSystem, 5),
    (Reason::SameLanguage, 5),
];

/// No match is more certain than this, percent: nothing of it is an identity.
const CAP: u8 = 95;

/// Least confidence that is shown, percent: page, sign of life, and two things about the browser.
pub const LEAST_CONFIDENCE: u8 = 70;

/// How far the second has to be behind, percent. A session that was on the page at that moment as well, with
/// the same system, is nearer whatever its browser.
pub const CONFIDENCE_MARGIN: u8 = 20;

/// Above so many sessions on one page within half an hour there is no telling them apart.
pub const MOST_CANDIDATES: usize = 50;

/// A page that more than one in so many of the other live sessions have, everybody has: it tells nobody
/// apart.
const EVERYWHERE: usize = 5;

/// With so many live sessions no page that has few enough candidates is everywhere: nobody needs to count
/// further.
pub const ENOUGH_LIVE_SESSIONS: usize = MOST_CANDIDATES * EVERYWHERE;

/// A sign of life this close to the occasion is one of that moment.
const THEN: SignedDuration = SignedDuration::from_secs(60);

/// How exactly we know when a page was opened: a recorder sends what it has every ten seconds at the latest,
/// and the visitor's clock is only known by when that arrives.
const PRECISION: SignedDuration = SignedDuration::from_secs(10);

/// Whether the page tells nobody apart: the front page, or one that many have. A single session never is
/// many.
pub(super) fn is_everywhere(page: &PageAddress, candidates: usize, live_sessions: usize) -> bool {
    let (others_there, others) = (
        candidates.saturating_sub(1),
        live_sessions.saturating_sub(1),
    );
    page.is_root() || others_there * EVERYWHERE > others
}

/// A candidate that may be the one, and what was found about it.
pub(super) struct Weighed {
    pub(super) scored: Scored,
    /// Whether something known of its browser is otherwise. It still stands in the way of others, for names
    /// are not to be relied on, but is none that is shown: whoever is not recorded at all would else be taken
    /// for somebody with much the same browser. On six simulated days that made 11 wrong matches of 22, and
    /// cost 7 right ones of 1,054.
    pub(super) differs: bool,
}

/// Weighs what speaks for a candidate; `None` when it cannot be the one.
pub(super) fn weigh(occasion: &Occasion<'_>, candidate: &Candidate) -> Option<Weighed> {
    let (theirs, ours) = (occasion.client, &candidate.client);
    let system = families::compare_systems(theirs, ours);
    if system == Comparison::Differ {
        return None;
    }
    let browser = families::compare_browsers(theirs, ours);
    // A number means nothing by itself.
    let version = match browser {
        Comparison::Same => families::compare_versions(theirs, ours),
        _ => Comparison::Unknown,
    };
    let language = families::compare_languages(theirs, ours);
    let holds = |reason| match reason {
        Reason::SamePage => had_page_open(occasion, candidate),
        Reason::ActiveThen => was_active(occasion, candidate),
        Reason::SameBrowser => browser == Comparison::Same,
        Reason::SameVersion => version == Comparison::Same,
        Reason::SameSystem => system == Comparison::Same,
        Reason::SameLanguage => language == Comparison::Same,
    };
    let (reasons, weights): (Vec<_>, Vec<u8>) = WEIGHTS
        .into_iter()
        .filter(|(reason, _)| holds(*reason))
        .unzip();
    Some(Weighed {
        scored: Scored {
            session: candidate.session.clone(),
            confidence: weights.iter().sum::<u8>().min(CAP),
            reasons,
        },
        differs: [browser, version, language].contains(&Comparison::Differ),
    })
}

/// Whether the page was on screen then. The last page of a session counts as open for good: recordings do not
/// tell somebody who has left from somebody who is reading, and who may have been there must not be left out.
fn had_page_open(occasion: &Occasion<'_>, candidate: &Candidate) -> bool {
    let (earliest, latest) = (occasion.at - PRECISION, occasion.at + PRECISION);
    candidate.visits.iter().any(|visit| {
        visit.page == *occasion.page
            && visit.from <= latest
            && visit.until.is_none_or(|until| earliest <= until)
    })
}

/// Whether something happened in the session about then.
fn was_active(occasion: &Occasion<'_>, candidate: &Candidate) -> bool {
    let opened = candidate.visits.iter().map(|visit| visit.from);
    opened
        .chain([candidate.last_active_at])
        .any(|sign| sign.duration_since(occasion.at).abs() <= THEN)
}
