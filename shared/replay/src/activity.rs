//! Time with somebody at the controls, and the scrolls and edits they made.
//!
//! Pages scroll by themselves, too. rrweb does not tell who scrolled; so a scroll counts when it keeps no
//! rhythm, or when the recorder has told of a hand.

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};

use crate::definitions::{
    ACTIVE_GAP_MS, EDITS_GAP_MS, ELEMENT_RHYTHM_BEATS, HAND_SCROLLS_MS, IDLE_MS, LONGEST_SCROLL_MS,
    MAX_EDITS, MAX_FIELDS, MAX_GESTURES, MAX_SCROLLING, MAX_STRETCHES, PAGE_RHYTHM_BEATS,
    SCROLL_GAP_MS, SCROLL_RESPONSE_MS, SCROLL_REVERSAL_MS,
};
use crate::event::NodeId;
use crate::rhythm::Times;
use crate::spread::{Place, thin};

/// Active and idle time: stretches in which no pause is longer than [`ACTIVE_GAP_MS`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Activity {
    /// From and to, in order.
    stretches: Vec<(i64, i64)>,
    /// Fields whose values may have been set by a hand or by a script: when, and which.
    perhaps: Vec<(i64, NodeId)>,
}

/// What a session's activity amounts to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Activities {
    pub(crate) active_ms: i64,
    /// When long pauses began, and how long they were.
    pub(crate) pauses: Vec<(i64, i64)>,
}

impl Activity {
    /// The user did something.
    pub(crate) fn user_event(&mut self, at: i64) {
        join(&mut self.stretches, (at, at));
        if self.stretches.len() > MAX_STRETCHES {
            // The longest session has fewer; a broken clock makes more.
            self.stretches.remove(1);
        }
    }

    /// A value was set, and nothing tells by whom.
    pub(crate) fn perhaps(&mut self, at: i64, field: NodeId) {
        if self.perhaps.len() < MAX_GESTURES {
            self.perhaps.push((at, field));
        }
    }

    /// Fields that nobody edited: their values change in a rhythm.
    pub(crate) fn by_themselves(&self) -> HashSet<NodeId> {
        let changes = self.perhaps.iter().map(|(at, field)| (*field, *at));
        let changes = times_by_node(changes).into_iter();
        changes
            .filter_map(|(field, times)| times.period().map(|_| field))
            .collect()
    }

    /// Active time and pauses until `end`, with the scrolls that somebody made.
    pub(crate) fn summarize(&self, scrolls: &[(i64, i64)], end: i64) -> Activities {
        let by_themselves = self.by_themselves();
        let edits = self.perhaps.iter();
        let edits = edits.filter(|(_, field)| !by_themselves.contains(field));
        let mut parts: Vec<(i64, i64)> = self.stretches.clone();
        parts.extend(scrolls);
        parts.extend(edits.map(|(at, _)| (*at, *at)));
        parts.sort_unstable();
        let mut stretches = Vec::new();
        for part in parts {
            join(&mut stretches, part);
        }
        let begins = stretches.iter().skip(1).map(|(from, _)| *from).chain([end]);
        let pauses = stretches.iter().zip(begins);
        let pauses = pauses.map(|((_, to), next)| (*to, next - to));
        Activities {
            active_ms: stretches.iter().map(|(from, to)| to - from).sum(),
            pauses: pauses.filter(|(_, pause)| *pause >= IDLE_MS).collect(),
        }
    }
}

/// When each node did the same thing.
fn times_by_node(events: impl Iterator<Item = (NodeId, i64)>) -> HashMap<NodeId, Times> {
    let mut times: HashMap<NodeId, Vec<i64>> = HashMap::new();
    for (node, at) in events {
        times.entry(node).or_default().push(at);
    }
    let of = |(node, times)| (node, Times::of(times));
    times.into_iter().map(of).collect()
}

/// Goes on with the last stretch, or begins another one.
fn join(stretches: &mut Vec<(i64, i64)>, (from, to): (i64, i64)) {
    match stretches.last_mut() {
        Some((_, end)) if from - *end <= ACTIVE_GAP_MS => *end = (*end).max(to),
        _ => stretches.push((from, to)),
    }
}

/// Scroll gestures: recorders write one event every 100 ms while something scrolls.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Scrolls {
    /// The latest event of each element that scrolls; the latest element at the end.
    last: Vec<Scrolled>,
    gestures: Vec<Gesture>,
    /// When each element began to move, also within a gesture.
    moves: Vec<(i64, NodeId)>,
    /// Gestures beyond those that are kept.
    more: u64,
    /// When a hand was told of that rrweb does not record.
    hand_at: Option<i64>,
    /// The recorder tells of hands: what scrolls without one scrolls by itself.
    pub(crate) hands_are_told: bool,
    /// When something was clicked: what scrolls then, the page scrolls.
    clicked_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Scrolled {
    at: i64,
    id: NodeId,
    position: (f32, f32),
    /// Where it was going; not known after one event.
    direction: Option<(bool, bool)>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Gesture {
    at: i64,
    last_at: i64,
    id: NodeId,
    /// The page itself, which readers scroll all the time.
    of_page: bool,
    whose: Whose,
}

/// Whose gesture it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Whose {
    Hand,
    Unknown,
    Page,
}

impl Scrolls {
    pub(crate) fn scroll(&mut self, at: i64, id: NodeId, of_page: bool, position: (f32, f32)) {
        let mut direction = None;
        let mut pause = i64::MAX;
        let mut is_new = true;
        if let Some(index) = self.last.iter().position(|last| last.id == id) {
            let last = self.last.remove(index);
            let (x, y) = (position.0 - last.position.0, position.1 - last.position.1);
            direction = Some((x >= 0.0, y >= 0.0));
            let turned = last.direction.is_some() && direction != last.direction;
            pause = at - last.at;
            is_new = pause > SCROLL_GAP_MS || (turned && pause > SCROLL_REVERSAL_MS);
        }
        self.last.push(Scrolled {
            at,
            id,
            position,
            direction,
        });
        if self.last.len() > MAX_SCROLLING {
            self.last.remove(0);
        }
        if pause > SCROLL_REVERSAL_MS && self.moves.len() < MAX_GESTURES {
            self.moves.push((at, id));
        }
        let whose = self.whose(at);
        let is_full = self.gestures.len() == MAX_GESTURES;
        let mut gestures = self.gestures.iter_mut().rev().take(MAX_SCROLLING);
        match gestures.find(|gesture| !is_new && gesture.id == id) {
            Some(gesture) => gesture.last_at = at,
            None if is_full => self.more += u64::from(is_new && whose != Whose::Page),
            None => self.gestures.push(Gesture {
                at,
                last_at: at,
                id,
                of_page,
                whose,
            }),
        }
    }

    fn whose(&self, at: i64) -> Whose {
        let is_soon = |moment: Option<i64>, within| moment.is_some_and(|then| at - then <= within);
        let by_hand = is_soon(self.hand_at, HAND_SCROLLS_MS);
        match (by_hand, is_soon(self.clicked_at, SCROLL_RESPONSE_MS)) {
            (true, _) => Whose::Hand,
            (_, true) => Whose::Page,
            _ if self.hands_are_told => Whose::Page,
            _ => Whose::Unknown,
        }
    }

    /// Somebody's hand is at a wheel, keys or the screen.
    pub(crate) fn hand(&mut self, at: i64) {
        self.hand_at = Some(at);
    }

    pub(crate) fn clicked(&mut self, at: i64) {
        self.clicked_at = Some(at);
    }

    /// From when to when somebody scrolled; and how often.
    pub(crate) fn by_hand(&self) -> (Vec<(i64, i64)>, u64) {
        let times = times_by_node(self.moves.iter().map(|(at, id)| (*id, *at)));
        let rhythms: HashMap<NodeId, usize> = times
            .iter()
            .filter(|(_, times)| times.period().is_some())
            .map(|(id, times)| (*id, times.count()))
            .collect();
        let by_itself = |gesture: &Gesture| {
            let beats = match gesture.of_page {
                true => PAGE_RHYTHM_BEATS,
                false => ELEMENT_RHYTHM_BEATS,
            };
            // A reader's wheel may keep time for a while.
            let keeps_time = rhythms
                .get(&gesture.id)
                .is_some_and(|count| *count >= beats);
            keeps_time || gesture.last_at - gesture.at > LONGEST_SCROLL_MS
        };
        let made: Vec<(i64, i64)> = self
            .gestures
            .iter()
            .filter(|gesture| match gesture.whose {
                Whose::Hand => true,
                Whose::Page => false,
                Whose::Unknown => !by_itself(gesture),
            })
            .map(|gesture| (gesture.at, gesture.last_at))
            .collect();
        let count = made.len() as u64 + self.more;
        (made, count)
    }

    pub(crate) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        let new = |id: &mut NodeId| *id = numbers.get(id).copied().unwrap_or(*id);
        let last = self.last.iter_mut().map(|last| &mut last.id);
        let gestures = self.gestures.iter_mut().map(|gesture| &mut gesture.id);
        let moves = self.moves.iter_mut().map(|(_, id)| id);
        last.chain(gestures).chain(moves).for_each(new);
    }
}

/// Fields that text was typed into. What was typed is never known here.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Fields {
    /// Fields of the present page.
    edited: BTreeSet<NodeId>,
    pub(crate) count: u64,
    /// Edits of one page in a row: when, how many fields, the names of the first ones.
    pub(crate) runs: Vec<Run>,
    /// Some of them had to go.
    pub(crate) are_thinned: bool,
    page: u64,
    /// Fields that may have been edited, or set by a script.
    perhaps: Vec<Perhaps>,
}

/// A field whose value changed, and nothing tells by whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Perhaps {
    at: i64,
    field: NodeId,
    name: String,
    page: u64,
}

/// Fields edited on one page, one soon after another.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) at: i64,
    last_at: i64,
    pub(crate) fields: u64,
    pub(crate) names: Vec<String>,
    page: u64,
}

impl Run {
    /// Names that a timeline row has room for.
    const NAMES: usize = 3;

    /// Whether an edit at that time goes on with it.
    fn is_about(&self, at: i64) -> bool {
        self.at - EDITS_GAP_MS <= at && at <= self.last_at + EDITS_GAP_MS
    }
}

impl Fields {
    pub(crate) fn is_new(&self, id: NodeId) -> bool {
        !self.edited.contains(&id)
    }

    pub(crate) fn perhaps(&mut self, at: i64, id: NodeId, name: impl FnOnce() -> String) {
        let is_same = |known: &Perhaps| (known.field, known.page) == (id, self.page);
        if self.perhaps.len() < MAX_EDITS && !self.perhaps.iter().any(is_same) {
            self.perhaps.push(Perhaps {
                at,
                field: id,
                name: name(),
                page: self.page,
            });
        }
    }

    /// The edits, with those fields that do not change by themselves.
    pub(crate) fn settle(&mut self, by_themselves: &HashSet<NodeId>) {
        let page = self.page;
        for perhaps in std::mem::take(&mut self.perhaps) {
            if by_themselves.contains(&perhaps.field) {
                continue;
            }
            let is_known = perhaps.page == page && !self.is_new(perhaps.field);
            if !is_known {
                self.page = perhaps.page;
                self.add(perhaps.at, || perhaps.name);
            }
        }
        self.page = page;
    }

    pub(crate) fn edit(&mut self, at: i64, id: NodeId, name: impl FnOnce() -> String) {
        if self.edited.len() >= MAX_FIELDS || !self.edited.insert(id) {
            return;
        }
        self.add(at, name);
    }

    fn add(&mut self, at: i64, name: impl FnOnce() -> String) {
        self.count += 1;
        let page = self.page;
        let mut runs = self.runs.iter_mut().rev();
        match runs.find(|run| run.page == page && run.is_about(at)) {
            Some(run) => {
                run.at = run.at.min(at);
                run.last_at = run.last_at.max(at);
                run.fields += 1;
                if run.names.len() < Run::NAMES {
                    run.names.push(name());
                }
            }
            None => {
                if self.runs.len() == MAX_EDITS {
                    let place = |run: &Run| Place {
                        at: run.at,
                        rank: 0,
                    };
                    thin(&mut self.runs, MAX_EDITS / 2, place);
                    self.are_thinned = true;
                }
                let place = self.runs.partition_point(|run| run.at <= at);
                let run = Run {
                    at,
                    last_at: at,
                    fields: 1,
                    names: vec![name()],
                    page,
                };
                self.runs.insert(place, run);
            }
        }
    }

    /// Another page was loaded: ids mean other nodes now.
    pub(crate) fn document_replaced(&mut self) {
        self.edited.clear();
        self.page += 1;
    }

    pub(crate) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        self.edited = self
            .edited
            .iter()
            .map(|id| numbers.get(id).copied().unwrap_or(*id))
            .collect();
        for perhaps in &mut self.perhaps {
            let id = numbers.get(&perhaps.field);
            perhaps.field = id.copied().unwrap_or(perhaps.field);
        }
    }
}

#[cfg(test)]
mod tests;
