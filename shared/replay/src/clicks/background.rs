//! What a page does on its own: clocks, tickers, feeds, spinners.
//!
//! "No mutation after the click" finds no dead click on a page that never rests. So the page is watched
//! before the click: what it touches without being asked is background, and only what differs from it can
//! be an answer. (Facts and measurements: the rules that ignore this find none of the dead clicks of
//! `recorded-spa-idle` and `recorded-large-table`.)

use std::collections::VecDeque;

use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};

use super::touch::{Touched, Way, distinct};
use crate::definitions::{
    BACKGROUND_MS, BACKGROUND_TOUCHES_NEAR_TARGET, LARGER_THAN_BACKGROUND, MAX_BACKGROUND_BATCHES,
    MAX_BACKGROUND_NODES, MAX_LEVELS, NEAR_TARGET_LEVELS, QUIET_AFTER_INTERACTION_MS, SLOW_MS,
    STREAK_GAP_MS,
};
use crate::document::Document;
use crate::event::NodeId;

/// The latest mutations that nobody asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Background {
    batches: VecDeque<Batch>,
    /// Nodes by which the page has answered lately: what an answer leaves behind (a toast that goes) is
    /// not yet background.
    answers: VecDeque<(i64, NodeId)>,
    last_interaction: Option<i64>,
    streak_started: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Batch {
    at: i64,
    nodes: Vec<NodeId>,
    size: usize,
}

/// The background as it was when a control was pressed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Surroundings {
    /// In the order of their ids.
    nodes: Vec<NodeId>,
    /// Areas in which several background nodes stand: a widget that lives. In the order of their ids.
    regions: Vec<NodeId>,
    largest: usize,
}

impl Background {
    /// Somebody pressed, clicked, typed or went to another page.
    pub(super) fn interaction(&mut self, at: i64) {
        if self
            .last_interaction
            .is_none_or(|last| at - last > STREAK_GAP_MS)
        {
            self.streak_started = at;
        }
        self.last_interaction = Some(at);
    }

    pub(super) fn mutation(&mut self, at: i64, touched: &Touched) {
        let in_streak = self
            .last_interaction
            .is_some_and(|last| at - last <= STREAK_GAP_MS);
        let oldest = if in_streak { self.streak_started } else { at } - BACKGROUND_MS;
        while self.batches.front().is_some_and(|batch| batch.at < oldest)
            || self.batches.len() >= MAX_BACKGROUND_BATCHES
        {
            self.batches.pop_front();
        }
        let quiet = self
            .last_interaction
            .is_none_or(|last| at - last > QUIET_AFTER_INTERACTION_MS);
        if quiet {
            self.batches.push_back(Batch {
                at,
                nodes: touched.nodes(),
                size: touched.size,
            });
        }
    }

    pub(super) fn answered(&mut self, at: i64, touched: &Touched) {
        self.answers
            .extend(touched.nodes().into_iter().map(|node| (at, node)));
        while self.answers.len() > MAX_BACKGROUND_BATCHES
            || self
                .answers
                .front()
                .is_some_and(|(then, _)| at - then > SLOW_MS)
        {
            self.answers.pop_front();
        }
    }

    /// What the page did on its own before `at`, seen from the pressed node; `None` if it was at rest.
    pub(super) fn around(
        &self,
        at: i64,
        target: NodeId,
        document: &Document,
    ) -> Option<Surroundings> {
        let in_streak = self
            .last_interaction
            .is_some_and(|last| at - last <= STREAK_GAP_MS);
        let oldest = if in_streak { self.streak_started } else { at } - BACKGROUND_MS;
        let mut touches: HashMap<NodeId, usize> = HashMap::new();
        let mut largest = 0;
        for batch in self.batches.iter().filter(|batch| batch.at >= oldest) {
            largest = largest.max(batch.size);
            for node in &batch.nodes {
                *touches.entry(*node).or_default() += 1;
            }
        }
        if touches.is_empty() {
            return None;
        }
        let answers: HashSet<NodeId> = self.answers.iter().map(|(_, node)| *node).collect();
        let near: HashSet<NodeId> = document.ancestry(target, NEAR_TARGET_LEVELS).collect();
        let control = document.control(target).unwrap_or(target);
        let needed = |node: NodeId| {
            if node != 0
                && (near.contains(&node)
                    || document.is_root(node)
                    || document.is_within(node, control))
            {
                BACKGROUND_TOUCHES_NEAR_TARGET
            } else if answers.contains(&node) {
                2
            } else {
                1
            }
        };
        touches.retain(|node, count| *count >= needed(*node));
        let mut nodes: Vec<NodeId> = touches.into_keys().collect();
        nodes.sort_unstable();
        nodes.truncate(MAX_BACKGROUND_NODES);
        (!nodes.is_empty()).then(|| Surroundings {
            regions: regions(&nodes, document),
            nodes,
            largest,
        })
    }

    /// The page was recorded anew: its nodes have other ids now.
    pub(super) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        for batch in &mut self.batches {
            batch.nodes = renumbered(&batch.nodes, numbers);
        }
        for (_, node) in &mut self.answers {
            *node = numbers.get(node).copied().unwrap_or(*node);
        }
    }

    /// Another page: nothing is known of it yet.
    pub(super) fn clear(&mut self) {
        self.batches.clear();
        self.answers.clear();
    }
}

/// For every background node the nearest ancestor, up to three levels, that it shares with another one.
fn regions(nodes: &[NodeId], document: &Document) -> Vec<NodeId> {
    let ancestors = |node: NodeId| {
        document
            .ancestry(node, 3)
            .skip(1)
            .filter(|ancestor| !document.is_root(*ancestor))
    };
    let mut shared: HashMap<NodeId, usize> = HashMap::new();
    for ancestor in nodes.iter().flat_map(|node| ancestors(*node)) {
        *shared.entry(ancestor).or_default() += 1;
    }
    distinct(
        nodes
            .iter()
            .filter_map(|node| ancestors(*node).find(|ancestor| shared.get(ancestor) >= Some(&2))),
    )
}

fn renumbered(nodes: &[NodeId], numbers: &HashMap<NodeId, NodeId>) -> Vec<NodeId> {
    let new = |node: &NodeId| numbers.get(node).copied().unwrap_or(*node);
    distinct(nodes.iter().map(new))
}

impl Surroundings {
    /// Whether a touch can be an answer to a click on `target`: the batch is far larger than what usually
    /// happens; or it is a node that usually rests, near the target or outside of every living area.
    pub(super) fn admits(
        &self,
        node: NodeId,
        batch_size: usize,
        (target, control): (NodeId, NodeId),
        document: &Document,
    ) -> bool {
        if batch_size > LARGER_THAN_BACKGROUND * self.largest {
            return true;
        }
        if self.nodes.binary_search(&node).is_ok() {
            return false;
        }
        let is_near = document
            .ancestry(target, NEAR_TARGET_LEVELS)
            .any(|near| near == node);
        if is_near {
            return true;
        }
        let mut lives = false;
        for ancestor in document.ancestry(node, MAX_LEVELS) {
            if ancestor == control {
                return true;
            }
            lives |= self.regions.binary_search(&ancestor).is_ok();
        }
        !lives
    }

    pub(super) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        self.nodes = renumbered(&self.nodes, numbers);
        self.regions = renumbered(&self.regions, numbers);
    }
}

/// A repaint that no node tells of (a canvas, a style sheet) is a touch of the node "none".
pub(super) fn repaint() -> Touched {
    Touched::only(0, Way::Tree)
}
