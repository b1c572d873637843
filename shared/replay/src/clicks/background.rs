//! What a page does on its own: clocks, tickers, feeds, spinners, polls, clips.
//!
//! "No mutation after the click" finds no dead click on a page that never rests. So everything that a page
//! does is remembered for a while, whatever kind of effect it is: what it does without being asked is
//! background, and only what differs from it can be an answer. (Facts and measurements: the rules that ignore
//! this find none of the dead clicks of `recorded-spa-idle` and `recorded-large-table`.)
//!
//! Changes of the page are looked at twice. When they happen, what was seen in the five seconds before the
//! press tells which nodes and areas live ([`Surroundings`]); that is done then, for it takes the page as it
//! stood. Half a minute later the rhythm of all that has happened meanwhile is known ([`Background::times`]).

use std::collections::VecDeque;

use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};

use super::effect::Effect;
use super::touch::{Touched, Way, distinct};
use crate::definitions::{
    AROUND_EFFECT_MS, BACKGROUND_MS, BACKGROUND_TOUCHES_NEAR_TARGET, LARGER_THAN_BACKGROUND,
    LEAST_REST_MS, MAX_BACKGROUND_BATCHES, MAX_BACKGROUND_NODES, MAX_INTERACTIONS, MAX_LEVELS,
    MAX_REMEMBERED_NODES, NEAR_TARGET_LEVELS, NODES_OF_A_REGION, PROMPT_MS,
    QUIET_AFTER_INTERACTION_MS, REMEMBERED_MS, RESTS_AFTER_GAPS, SLOW_MS, STREAK_GAP_MS,
};
use crate::document::Document;
use crate::event::{NodeId, Tag};
use crate::rhythm::Times;

/// The latest effects.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Background {
    /// In order of time.
    #[serde(with = "stored")]
    batches: VecDeque<Batch>,
    /// The first batch that is not yet thinned out.
    whole_from: usize,
    /// Nodes by which the page has answered lately: what an answer leaves behind (a toast that goes) is
    /// not yet background.
    answers: VecDeque<(i64, NodeId)>,
    last_interaction: Option<i64>,
    /// The latest ones, in order: what is told of late was prompted by an earlier one.
    interactions: VecDeque<i64>,
    streak_started: i64,
}

/// What happened at one moment.
#[derive(Debug, Clone)]
struct Batch {
    at: i64,
    /// In order.
    effects: Vec<Effect>,
    /// Changes of a mutation; 0 of other effects.
    size: usize,
    /// Somebody had just done something: it may be the answer to that.
    prompted: bool,
}

/// Batches as they are stored: how much later each is than the one before it, and its size with the mark.
mod stored {
    use std::collections::VecDeque;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Batch, Effect};

    type Stored = (i64, usize, Vec<Effect>);

    pub(super) fn serialize<S: Serializer>(
        batches: &VecDeque<Batch>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut last = 0;
        let stored = batches.iter().map(|batch| -> Stored {
            let after = batch.at - std::mem::replace(&mut last, batch.at);
            let size = 2 * batch.size + usize::from(batch.prompted);
            (after, size, batch.effects.clone())
        });
        stored.collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<VecDeque<Batch>, D::Error> {
        let mut at = 0i64;
        let batch = |(after, size, effects): Stored| {
            at = at.saturating_add(after);
            Batch {
                at,
                effects,
                size: size / 2,
                prompted: size % 2 == 1,
            }
        };
        let stored = Vec::<Stored>::deserialize(deserializer)?;
        Ok(stored.into_iter().map(batch).collect())
    }
}

/// The background as it was when a control was pressed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Surroundings {
    /// In the order of their ids.
    nodes: Vec<NodeId>,
    /// Areas in which several background nodes of one kind stand: a widget that lives. In order.
    regions: Vec<Region>,
    largest: usize,
}

/// An element, and the kind of nodes that change in it.
type Region = (NodeId, Option<Tag>);

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
        self.interactions.push_back(at);
        if self.interactions.len() > MAX_INTERACTIONS {
            self.interactions.pop_front();
        }
    }

    pub(super) fn mutation(&mut self, at: i64, touched: &Touched) {
        let mut effects: Vec<Effect> = touched.nodes().into_iter().map(Effect::Node).collect();
        let prompted = self.is_prompted(at);
        if prompted {
            effects.truncate(MAX_REMEMBERED_NODES);
        }
        self.remember(Batch {
            at,
            effects,
            size: touched.size.max(1),
            prompted,
        });
    }

    /// Something other than a mutation happened, perhaps a while ago: a request is told of when it has ended.
    pub(super) fn happened(&mut self, at: i64, effect: Effect) {
        self.remember(Batch {
            at,
            effects: vec![effect],
            size: 0,
            prompted: self.is_prompted(at),
        });
    }

    /// Whether somebody did something shortly before.
    fn is_prompted(&self, at: i64) -> bool {
        let mut latest = self.interactions.iter().rev();
        latest.any(|then| (0..=QUIET_AFTER_INTERACTION_MS).contains(&(at - then)))
    }

    fn remember(&mut self, batch: Batch) {
        let at = batch.at;
        let later = self.batches.iter().rev().take_while(|other| other.at > at);
        let place = self.batches.len() - later.count();
        self.whole_from += usize::from(place < self.whole_from);
        self.batches.insert(place, batch);
        while self.batches.len() > MAX_BACKGROUND_BATCHES
            || self
                .batches
                .front()
                .is_some_and(|batch| batch.at < at - REMEMBERED_MS)
        {
            self.batches.pop_front();
            self.whole_from = self.whole_from.saturating_sub(1);
        }
        let recent = self.recent(at);
        while let Some(batch) = self.batches.get_mut(self.whole_from)
            && batch.at < recent
        {
            batch.effects.truncate(MAX_REMEMBERED_NODES);
            batch.effects.shrink_to_fit();
            self.whole_from += 1;
        }
    }

    /// From when on the page is watched for a press at `at`.
    fn recent(&self, at: i64) -> i64 {
        let in_streak = self
            .last_interaction
            .is_some_and(|last| at - last <= STREAK_GAP_MS);
        (if in_streak { self.streak_started } else { at }) - BACKGROUND_MS
    }

    /// When else the same thing happened, around `at`.
    pub(super) fn times(&self, effect: Effect, at: i64) -> Times {
        let around = self
            .batches
            .iter()
            .filter(|batch| batch.at != at && (batch.at - at).abs() <= AROUND_EFFECT_MS);
        let same = around.filter(|batch| batch.effects.binary_search(&effect).is_ok());
        Times::around(at, same.map(|batch| (batch.at, batch.prompted)))
    }

    /// When it happened, in order; as far as that is remembered.
    pub(super) fn occurrences(&self, effect: Effect) -> Vec<i64> {
        let same = self
            .batches
            .iter()
            .filter(|batch| batch.effects.binary_search(&effect).is_ok());
        same.map(|batch| batch.at).collect()
    }

    /// Whether a node that changes on its own changes out of turn, right after the press: a banner that goes
    /// on every two seconds, and when "next" is pressed.
    pub(super) fn is_out_of_turn(&self, node: NodeId, at: i64, waited: i64) -> bool {
        if waited > PROMPT_MS {
            return false;
        }
        let times = self.times(Effect::Node(node), at);
        times.period().is_some() && !times.keep_time(at, waited)
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
        let oldest = self.recent(at);
        let mut touches: HashMap<NodeId, Touches> = HashMap::new();
        let mut largest = 0;
        let recent = self
            .batches
            .iter()
            .rev()
            .take_while(|batch| batch.at >= oldest);
        for batch in recent.filter(|batch| !batch.prompted && batch.size > 0) {
            largest = largest.max(batch.size);
            for effect in &batch.effects {
                if let Effect::Node(node) = effect {
                    touches
                        .entry(*node)
                        .and_modify(|touches| touches.add(batch.at))
                        .or_insert_with(|| Touches::at(batch.at));
                }
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
        touches.retain(|node, touches| touches.count >= needed(*node) && !touches.rest_at(at));
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
            for effect in &mut batch.effects {
                *effect = effect.renumbered(numbers);
            }
            batch.effects.sort_unstable();
        }
        for (_, node) in &mut self.answers {
            *node = numbers.get(node).copied().unwrap_or(*node);
        }
    }

    /// Another page: nothing is known of it yet.
    pub(super) fn clear(&mut self) {
        // Requests and errors go on from page to page.
        let of_nodes = |effect: &Effect| !matches!(effect, Effect::Request(_) | Effect::Error(_));
        self.batches
            .retain(|batch| !batch.effects.iter().any(of_nodes));
        self.whole_from = 0;
        self.answers.clear();
    }
}

/// How often a node was touched, from when to when.
struct Touches {
    count: usize,
    first: i64,
    last: i64,
}

impl Touches {
    fn at(at: i64) -> Self {
        Self {
            count: 1,
            first: at,
            last: at,
        }
    }

    fn add(&mut self, at: i64) {
        self.count += 1;
        self.first = self.first.min(at);
        self.last = self.last.max(at);
    }

    /// Whether it has stopped: nothing came for several times as long as it took from touch to touch. An
    /// answer that was written word by word is written.
    fn rest_at(&self, at: i64) -> bool {
        let gaps = self.count as i64 - 1;
        let silence = at - self.last;
        gaps >= RESTS_AFTER_GAPS
            && silence > LEAST_REST_MS
            && silence > RESTS_AFTER_GAPS * (self.last - self.first) / gaps
    }
}

/// The areas in which several nodes of one kind change: the cells of a table, the entries of a feed. Any
/// other cell may be the next one; what is of another kind stands there by chance. For every background
/// node it is the nearest ancestor, up to three levels, that it shares with enough others.
fn regions(nodes: &[NodeId], document: &Document) -> Vec<Region> {
    let places = |node: NodeId| {
        let tag = document.tag(node);
        document
            .ancestry(node, 3)
            .skip(1)
            .filter(|ancestor| !document.is_root(*ancestor))
            .map(move |ancestor| (ancestor, tag))
    };
    let mut shared: HashMap<Region, usize> = HashMap::new();
    for place in nodes.iter().flat_map(|node| places(*node)) {
        *shared.entry(place).or_default() += 1;
    }
    let is_shared = |place: &Region| shared.get(place) >= Some(&NODES_OF_A_REGION);
    let mut regions: Vec<Region> = nodes
        .iter()
        .filter_map(|node| places(*node).find(is_shared))
        .collect();
    regions.sort_unstable();
    regions.dedup();
    regions
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
        if self.knows(node) {
            return false;
        }
        let is_near = document
            .ancestry(target, NEAR_TARGET_LEVELS)
            .any(|near| near == node);
        if is_near {
            return true;
        }
        let mut lives = false;
        let tag = document.tag(node);
        for ancestor in document.ancestry(node, MAX_LEVELS) {
            if ancestor == control {
                return true;
            }
            lives |= self.regions.binary_search(&(ancestor, tag)).is_ok();
        }
        !lives
    }

    /// Whether this node changes on its own.
    pub(super) fn knows(&self, node: NodeId) -> bool {
        self.nodes.binary_search(&node).is_ok()
    }

    pub(super) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        self.nodes = renumbered(&self.nodes, numbers);
        for (area, _) in &mut self.regions {
            *area = numbers.get(area).copied().unwrap_or(*area);
        }
        self.regions.sort_unstable();
    }
}

/// A repaint that no node tells of (a canvas, a style sheet) is a touch of the node "none".
pub(super) fn repaint() -> Touched {
    Touched::only(0, Way::Tree)
}
