//! The fold: chunks in, in order; a summary out at any moment; a state to store in between.
//!
//! The law of the summary: however a recording is cut into chunks, folding them gives the summary of the
//! whole. It holds because nothing here depends on where a chunk ends.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clicks::{Episodes, judge};
use crate::definitions::VERSION;
use crate::error::{ChunkError, StateError};
use crate::fold::Fold;
use crate::pages::{listed, since};
use crate::problems::problems;
use crate::recorders;
use crate::sequence::{Held, Left, Order};
use crate::story::{Visit, story};
use crate::summary::{Counts, Page, Summary};
use crate::timeline::{Timeline, timeline};
use crate::told::known;

/// Version of the stored state's layout; [`VERSION`] of the definitions counts as well.
const LAYOUT: u32 = 5;

/// Folds the chunks of one recording, from number 0 on, without a gap.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Analyzer {
    order: Order,
    /// Events that wait for earlier ones.
    held: Vec<Left>,
    fold: Fold,
    chunks: u64,
    incomplete: bool,
}

impl Analyzer {
    /// Takes the next chunk: its payload, decompressed.
    ///
    /// # Errors
    /// When the payload is not a list of events. What stood before the fault is kept, the summary is marked
    /// incomplete, and the next chunk can be pushed.
    pub fn push_chunk(&mut self, payload: &[u8]) -> Result<(), ChunkError> {
        let mut held = Held::restore(std::mem::take(&mut self.held));
        let result = self.read(payload, &mut held);
        self.held = held.leave();
        result
    }

    fn read<'a>(&mut self, payload: &'a [u8], held: &mut Held<'a>) -> Result<(), ChunkError> {
        let (order, fold) = (&mut self.order, &mut self.fold);
        let result = recorders::read(payload, &mut |item| {
            order.push(held, item, &mut |event| fold.apply(event));
        });
        self.chunks += 1;
        self.incomplete |= result.is_err();
        result.map(|_is_plain| ())
    }

    /// Marks that chunks are missing here and will not be waited for.
    pub fn skip_gap(&mut self) {
        self.incomplete = true;
    }

    /// The summary of the chunks so far; `None` before the first event.
    #[must_use]
    pub fn summary(&self) -> Option<Summary> {
        let mut rest = self.clone();
        let held = Held::restore(std::mem::take(&mut rest.held));
        rest.finish(held)
    }

    /// All key moments of the chunks so far.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        let mut rest = self.clone();
        let held = Held::restore(std::mem::take(&mut rest.held));
        let mut fold = rest.released(held);
        let Some((started, ended)) = fold.span else {
            return Timeline::default();
        };
        let timeline = Judged::of(&mut fold, started, ended).timeline;
        Timeline {
            is_complete: timeline.is_complete && !self.incomplete,
            ..timeline
        }
    }

    fn finish(self, held: Held<'_>) -> Option<Summary> {
        let (chunks, incomplete) = (self.chunks, self.incomplete);
        let fold = self.released(held);
        let (started, ended) = fold.span?;
        let summary = summarize_fold(fold, started, ended)?;
        Some(Summary {
            chunks,
            incomplete,
            ..summary
        })
    }

    /// Everything that was pushed, with the events that waited.
    fn released(mut self, held: Held<'_>) -> Fold {
        let fold = &mut self.fold;
        self.order.finish(held, &mut |event| fold.apply(event));
        self.fold
    }

    /// The state, to be stored and taken up again with the next chunk. Its size is bounded by the bounds in
    /// [`crate::definitions`]; compress it, it is mostly text.
    #[must_use]
    pub fn to_state(&self) -> Vec<u8> {
        let versions = (VERSION, LAYOUT);
        // Writing to memory cannot fail; if it did, the empty state says to fold anew.
        postcard::to_allocvec(&(versions, self)).unwrap_or_default()
    }

    /// Takes a stored state up again.
    ///
    /// # Errors
    /// When the state is of other definitions or damaged: fold the chunks again from the first.
    pub fn from_state(state: &[u8]) -> Result<Self, StateError> {
        let ((definitions, layout), rest): ((u32, u32), _) =
            postcard::take_from_bytes(state).map_err(|_| StateError::Damaged)?;
        for (found, expected) in [(definitions, VERSION), (layout, LAYOUT)] {
            if found != expected {
                return Err(StateError::OtherVersion { found, expected });
            }
        }
        postcard::from_bytes(rest).map_err(|_| StateError::Damaged)
    }
}

/// Summarizes a whole recording at once; `None` if it has no events.
///
/// # Errors
/// When the payload is not a list of events in one of the accepted encodings.
pub fn summarize(payload: &[u8]) -> Result<Option<Summary>, ChunkError> {
    let mut analyzer = Analyzer::default();
    let mut held = Held::default();
    analyzer.read(payload, &mut held)?;
    Ok(analyzer.finish(held))
}

/// What is known only when all is known.
struct Judged {
    episodes: Episodes,
    visits: Vec<Page>,
    scrolls: u64,
    active_ms: i64,
    timeline: Timeline,
}

impl Judged {
    /// Judges what has happened, as if the recording ended now.
    fn of(fold: &mut Fold, started: i64, ended: i64) -> Self {
        let clicks = std::mem::take(&mut fold.clicks);
        let episodes = judge(clicks, ended, fold.told);
        let visits = fold.pages.visits(started, ended);
        fold.fields.settle(&fold.activity.by_themselves());
        let (scrolled, scrolls) = fold.scrolls.by_hand();
        let activities = fold.activity.summarize(&scrolled, ended);
        let timeline = timeline(fold, &activities, &episodes, &visits, started);
        Self {
            episodes,
            visits,
            scrolls,
            active_ms: activities.active_ms,
            timeline,
        }
    }
}

fn summarize_fold(mut fold: Fold, started: i64, ended: i64) -> Option<Summary> {
    let told = fold.told;
    let Judged {
        episodes,
        visits,
        scrolls,
        active_ms,
        timeline: whole,
    } = Judged::of(&mut fold, started, ended);
    let problems = problems(&whole.moments);
    let story = story(Visit {
        moments: &whole.moments,
        pages: &visits,
        duration_ms: since(started, ended),
        active_ms: since(0, active_ms),
    });
    let (timeline_total, timeline) = whole.into_rows();
    let failed_requests = fold.trouble.failed_requests(told);
    Some(Summary {
        started_at: Timestamp::from_millisecond(started).ok()?,
        ended_at: Timestamp::from_millisecond(ended).ok()?,
        duration_ms: since(started, ended),
        active_ms: since(0, active_ms),
        landing_url: visits.first().map(|page| page.url.clone()),
        last_url: visits.last().map(|page| page.url.clone()),
        events: fold.events,
        chunks: 0,
        device: fold.seen.device,
        pages: listed(&visits),
        counts: Counts {
            clicks: episodes.clicks,
            scrolls,
            fields_edited: fold.fields.count,
            rage_clicks: episodes.rage.len() as u64,
            dead_clicks: episodes.dead.len() as u64,
            slow_clicks: episodes.slow.len() as u64,
            error_clicks: known(told.errors, episodes.error.len() as u64),
            js_errors: known(told.errors, fold.trouble.js_errors),
            console_errors: known(told.console, fold.trouble.console_errors),
            console_warnings: known(told.console, fold.trouble.console_warnings),
            failed_requests,
        },
        not_recorded: told.missing(failed_requests),
        timeline_total,
        timeline,
        story,
        problems,
        incomplete: false,
        definitions: VERSION,
    })
}
