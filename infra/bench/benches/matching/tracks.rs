//! What somebody does on the site, and what of it is known to us at a moment.

use fastrand::Rng;
use identity::PageAddress;
use jiff::{SignedDuration, Timestamp};
use replay::{Counts, Device, Page, Summary};

use crate::world::{Visitor, chance};

/// A recorder sends what it has so often.
const CHUNKS: i64 = 10_000;

/// From a chunk's leaving the browser until its summary can be read, milliseconds.
const LAG: i64 = 5_300;

/// True times.
pub(crate) struct Track {
    pub(crate) visits: Vec<PageView>,
    /// Every event, ascending.
    events: Vec<Timestamp>,
}

/// A page on screen.
pub(crate) struct PageView {
    pub(crate) page: usize,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Track {
    pub(crate) fn new(rng: &mut Rng, at: Timestamp, pages: usize, office: Option<usize>) -> Self {
        let (mut visits, mut events) = (Vec::new(), Vec::new());
        let mut from = at;
        while visits.is_empty() || (chance(rng, 75) && visits.len() < 30) {
            let until = from + exponential(rng, 60.0) + SignedDuration::from_secs(2);
            let page = match office {
                // What the office works on.
                Some(office) if chance(rng, 30) => 1 + office % (pages - 1),
                _ => popular(rng, pages),
            };
            visits.push(PageView { page, from, until });
            let mut event = from;
            while event < until {
                events.push(event);
                // Reading, or doing something else for minutes.
                let pause = if chance(rng, 5) { 120.0 } else { 6.0 };
                event += exponential(rng, pause);
            }
            from = until;
        }
        Self { visits, events }
    }

    /// Somebody writes: nothing is recorded while they type into the Messenger, which is a frame of its own.
    /// Answers when it is sent.
    pub(crate) fn write(&mut self, rng: &mut Rng) -> Timestamp {
        let index = rng.usize(..self.visits.len());
        let (from, until) = (self.visits[index].from, self.visits[index].until);
        let typing = exponential(rng, 25.0) + SignedDuration::from_secs(3);
        let opened = from + until.duration_since(from).mul_f64(rng.f64());
        let sent = opened + typing;
        // They stay as long as they type, and a while longer.
        let left = (sent + exponential(rng, 30.0)).max(until);
        let stay = left.duration_since(until);
        for visit in &mut self.visits[index + 1..] {
            visit.from += stay;
            visit.until += stay;
        }
        self.visits[index].until += stay;
        for event in &mut self.events {
            if *event >= until {
                *event += stay;
            }
        }
        self.events
            .retain(|event| *event <= opened || *event >= sent);
        self.events.push(sent + SignedDuration::from_secs(1));
        self.events.sort_unstable();
        sent
    }

    pub(crate) fn page_at(&self, at: Timestamp) -> usize {
        let open = self.visits.iter().rfind(|visit| visit.from <= at);
        open.map_or(self.visits[0].page, |visit| visit.page)
    }

    pub(crate) fn began_at(&self) -> Timestamp {
        self.visits[0].from
    }

    pub(crate) fn ended_at(&self) -> Timestamp {
        self.events[self.events.len() - 1]
    }
}

impl Visitor {
    /// The summary that can be read at a moment, and when its last chunk had arrived.
    pub(crate) fn summary_at(
        &self,
        now: Timestamp,
        pages: &[PageAddress],
    ) -> Option<(Summary, Timestamp)> {
        let track = &self.track;
        let began_at = track.began_at();
        let sent_with = |event: Timestamp| {
            let after = event.duration_since(began_at).as_millis() as i64;
            began_at + SignedDuration::from_millis((after / CHUNKS + 1) * CHUNKS)
        };
        let readable =
            |event: &&Timestamp| sent_with(**event) + SignedDuration::from_millis(LAG) <= now;
        let ended_at = *track.events.iter().rfind(readable)?;
        let theirs = |at: Timestamp| at + self.clock_ahead;
        let since = |at: Timestamp| at.duration_since(began_at).as_millis() as u64;
        let seen = track
            .visits
            .iter()
            .take_while(|visit| visit.from <= ended_at);
        let pages = seen.map(|visit| Page {
            url: format!("https://{}", pages[visit.page].as_str()),
            at_ms: since(visit.from),
            dwell_ms: since(visit.until.min(ended_at)) - since(visit.from),
        });
        let client = self.client.clone();
        let summary = Summary {
            started_at: theirs(began_at),
            ended_at: theirs(ended_at),
            duration_ms: since(ended_at),
            active_ms: since(ended_at),
            landing_url: None,
            last_url: None,
            events: 1,
            chunks: 1,
            device: Device {
                browser: client.browser,
                browser_version: client.browser_version,
                os: client.os,
                language: client.language,
                ..Device::default()
            },
            pages: pages.collect(),
            counts: Counts::default(),
            timeline: Vec::new(),
            not_recorded: Vec::new(),
            incomplete: false,
            definitions: 1,
            story: String::new(),
            problems: Vec::new(),
            timeline_total: 0,
        };
        let arrives = sent_with(ended_at) + SignedDuration::from_millis(300);
        Some((summary, arrives))
    }
}

/// How far a clock is ahead: most by seconds, some by minutes, few by hours.
pub(crate) fn skew(rng: &mut Rng) -> SignedDuration {
    let most = match rng.u32(..100) {
        0..80 => 2_000,
        80..95 => 300_000,
        _ => 12 * 3_600_000,
    };
    SignedDuration::from_millis(rng.i64(-most..=most))
}

fn exponential(rng: &mut Rng, mean_seconds: f64) -> SignedDuration {
    SignedDuration::from_secs_f64(-mean_seconds * (1.0 - rng.f64()).ln())
}

/// A page, the earlier the likelier (Zipf's law with exponent 0.8).
fn popular(rng: &mut Rng, pages: usize) -> usize {
    let weight = |page: usize| ((page + 1) as f64).powf(-0.8);
    let mut left = rng.f64() * (0..pages).map(weight).sum::<f64>();
    for page in 0..pages {
        left -= weight(page);
        if left <= 0.0 {
            return page;
        }
    }
    pages - 1
}
