//! Time with somebody at the controls, and the scrolls and edits they made.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::definitions::{
    ACTIVE_GAP_MS, IDLE_MS, MAX_DISTINCT_MESSAGES, MAX_FIELDS, SCROLL_GAP_MS, SCROLL_REVERSAL_MS,
};
use crate::event::NodeId;

/// Active and idle time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Activity {
    last: Option<i64>,
    pub(crate) active_ms: i64,
    /// When long pauses began, and how long they were.
    pub(crate) pauses: Vec<(i64, i64)>,
}

impl Activity {
    /// The user did something.
    pub(crate) fn user_event(&mut self, at: i64) {
        if let Some(last) = self.last.replace(at) {
            let gap = at - last;
            if gap <= ACTIVE_GAP_MS {
                self.active_ms += gap;
            }
            if gap >= IDLE_MS && self.pauses.len() < MAX_DISTINCT_MESSAGES {
                self.pauses.push((last, gap));
            }
        }
    }
}

/// Scroll gestures: recorders write one event every 100 ms while something scrolls.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Scrolls {
    last: Option<Scrolled>,
    pub(crate) gestures: u64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Scrolled {
    at: i64,
    id: NodeId,
    position: (f32, f32),
    /// Where it was going; not known after one event.
    direction: Option<(bool, bool)>,
}

impl Scrolls {
    pub(crate) fn scroll(&mut self, at: i64, id: NodeId, position: (f32, f32)) {
        let mut direction = None;
        let mut is_new = true;
        if let Some(last) = self.last.filter(|last| last.id == id) {
            let (x, y) = (position.0 - last.position.0, position.1 - last.position.1);
            direction = Some((x >= 0.0, y >= 0.0));
            let turned = last.direction.is_some() && direction != last.direction;
            let pause = at - last.at;
            is_new = pause > SCROLL_GAP_MS || (turned && pause > SCROLL_REVERSAL_MS);
        }
        self.gestures += u64::from(is_new);
        self.last = Some(Scrolled {
            at,
            id,
            position,
            direction,
        });
    }

    pub(crate) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        if let Some(last) = &mut self.last {
            last.id = numbers.get(&last.id).copied().unwrap_or(last.id);
        }
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
    page: u64,
}

/// Fields edited on one page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) at: i64,
    pub(crate) fields: u64,
    pub(crate) names: Vec<String>,
    page: u64,
}

impl Run {
    /// Names that a timeline row has room for.
    const NAMES: usize = 3;
}

impl Fields {
    pub(crate) fn is_new(&self, id: NodeId) -> bool {
        !self.edited.contains(&id)
    }

    pub(crate) fn edit(&mut self, at: i64, id: NodeId, name: impl FnOnce() -> String) {
        if self.edited.len() >= MAX_FIELDS || !self.edited.insert(id) {
            return;
        }
        self.count += 1;
        let room = self.runs.len() < MAX_DISTINCT_MESSAGES;
        match self.runs.last_mut().filter(|run| run.page == self.page) {
            Some(run) => {
                run.fields += 1;
                if run.names.len() < Run::NAMES {
                    run.names.push(name());
                }
            }
            None if room => self.runs.push(Run {
                at,
                fields: 1,
                names: vec![name()],
                page: self.page,
            }),
            None => {}
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_gaps_are_active_and_long_ones_are_told() {
        let mut activity = Activity::default();
        for at in [0, 4_000, 14_000, 24_001, 60_000] {
            activity.user_event(at);
        }
        assert_eq!(activity.active_ms, 14_000);
        assert_eq!(activity.pauses, [(24_001, 35_999)]);
    }

    #[test]
    fn a_gesture_ends_with_a_pause_a_turn_or_another_element() {
        let mut scrolls = Scrolls::default();
        for (at, id, y, gestures) in [
            (0, 1, 0.0, 1),
            (100, 1, 200.0, 1),
            (1_100, 1, 300.0, 1),
            (2_101, 1, 400.0, 2),
            (2_701, 1, 300.0, 3),
            (2_901, 1, 320.0, 3),
            (3_501, 2, 0.0, 4),
        ] {
            scrolls.scroll(at, id, (0.0, y));
            assert_eq!(scrolls.gestures, gestures, "at {at}");
        }
    }
}
