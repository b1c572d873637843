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

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};

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
use crate::rhythm::{LEAST_OF_A_RHYTHM, Times};

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
    /// In order. Most batches are one effect.
    effects: SmallVec<[Effect; 2]>,
    /// The bits of all effects: most of those that are not here are told by it.
    bits: u64,
    /// Changes of a mutation; 0 of other effects.
    size: usize,
    /// Somebody had just done something: it may be the answer to that.
    prompted: bool,
}

/// When the same thing happened, in order, and whether somebody had just done something.
pub(super) struct Occurrences(SmallVec<[(i64, bool); 16]>);

impl Occurrences {
    fn among<'b>(batches: impl Iterator<Item = &'b Batch>, effect: Effect) -> Self {
        let bit = effect.bit();
        let mut occurrences = Self(SmallVec::new());
        let batches = batches.filter(|batch| batch.bits & bit != 0);
        batches.for_each(|batch| {
            if batch.effects.binary_search(&effect).is_ok() {
                occurrences.0.push((batch.at, batch.prompted));
            }
        });
        occurrences
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// When else it happened, around `at`.
    pub(super) fn around(&self, at: i64) -> Times {
        let is_near = |then: i64| then != at && (then - at).abs() <= AROUND_EFFECT_MS;
        let others = self.0.iter().copied();
        Times::around(at, others.filter(|(then, _)| is_near(*then)))
    }

    pub(super) fn any_within(&self, from: i64, until: i64) -> bool {
        let next = self.0.partition_point(|(at, _)| *at < from);
        self.0.get(next).is_some_and(|(at, _)| *at <= until)
    }
}

impl Batch {
    fn new(at: i64, effects: SmallVec<[Effect; 2]>, size: usize, prompted: bool) -> Self {
        let bits = effects.iter().fold(0, |bits, effect| bits | effect.bit());
        Self {
            at,
            effects,
            bits,
            size,
            prompted,
        }
    }
}

/// Batches as they are stored: how much later each is than the one before it, and its size with the mark.
mod stored {
    use std::collections::VecDeque;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Batch, Effect};

    type Stored<Effects> = (i64, usize, Effects);

    pub(super) fn serialize<S: Serializer>(
        batches: &VecDeque<Batch>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut last = 0;
        serializer.collect_seq(batches.iter().map(|batch| -> Stored<&[Effect]> {
            let after = batch.at - std::mem::replace(&mut last, batch.at);
            let size = 2 * batch.size + usize::from(batch.prompted);
            (after, size, &batch.effects)
        }))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<VecDeque<Batch>, D::Error> {
        let mut at = 0i64;
        let batch = |(after, size, effects): Stored<Vec<Effect>>| {
            at = at.saturating_add(after);
            Batch::new(at, effects.into(), size / 2, size % 2 == 1)
        };
        let stored = Vec::<Stored<Vec<Effect>>>::deserialize(deserializer)?;
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
        let nodes = touched.touches.iter();
        let mut effects: SmallVec<_> = nodes.map(|touch| Effect::Node(touch.node)).collect();
        effects.sort_unstable();
        effects.dedup();
        let prompted = self.is_prompted(at);
        if prompted {
            effects.truncate(MAX_REMEMBERED_NODES);
        }
        self.remember(Batch::new(at, effects, touched.size.max(1), prompted));
    }

    /// Something other than a mutation happened, perhaps a while ago: a request is told of when it has ended.
    pub(super) fn happened(&mut self, at: i64, effect: Effect) {
        let prompted = self.is_prompted(at);
        self.remember(Batch::new(at, smallvec![effect], 0, prompted));
    }

    /// Whether somebody did something shortly before.
    fn is_prompted(&self, at: i64) -> bool {
        let mut latest = self.interactions.iter().rev();
        let before = latest.find(|then| **then <= at);
        before.is_some_and(|then| at - then <= QUIET_AFTER_INTERACTION_MS)
    }

    fn remember(&mut self, batch: Batch) {
        let at = batch.at;
        if self.batches.back().is_none_or(|last| last.at <= at) {
            self.batches.push_back(batch);
        } else {
            let place = self.batches.partition_point(|other| other.at <= at);
            self.whole_from += usize::from(place < self.whole_from);
            self.batches.insert(place, batch);
        }
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

    /// When it happened, as far as that is remembered.
    pub(super) fn occurrences(&self, effect: Effect) -> Occurrences {
        Occurrences::among(self.batches.iter(), effect)
    }

    /// Whether a node that changes on its own changes out of turn, right after the press: a banner that goes
    /// on every two seconds, and when "next" is pressed.
    pub(super) fn is_out_of_turn(&self, node: NodeId, at: i64, waited: i64) -> bool {
        if waited > PROMPT_MS {
            return false;
        }
        let since = at - AROUND_EFFECT_MS;
        let first = self.batches.partition_point(|batch| batch.at < since);
        let occurrences = Occurrences::among(self.batches.range(first..), Effect::Node(node));
        if occurrences.count() < LEAST_OF_A_RHYTHM {
            return false;
        }
        let times = occurrences.around(at);
        times.period().is_some() && !times.keep_time(at, waited)
    }

    pub(super) fn answered(&mut self, at: i64, nodes: impl Iterator<Item = NodeId>) {
        let nodes = distinct(nodes).into_iter();
        self.answers.extend(nodes.map(|node| (at, node)));
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
        let mut touches: SmallVec<[(NodeId, i64); 32]> = SmallVec::new();
        let mut largest = 0;
        let recent = self
            .batches
            .iter()
            .rev()
            .take_while(|batch| batch.at >= oldest);
        for batch in recent.filter(|batch| !batch.prompted && batch.size > 0) {
            largest = largest.max(batch.size);
            let nodes = batch.effects.iter().filter_map(|effect| match effect {
                Effect::Node(node) => Some((*node, batch.at)),
                _ => None,
            });
            touches.extend(nodes);
        }
        if touches.is_empty() {
            return None;
        }
        touches.sort_unstable();
        let near: SmallVec<[NodeId; NEAR_TARGET_LEVELS + 1]> =
            document.ancestry(target, NEAR_TARGET_LEVELS).collect();
        let control = document.control(target).unwrap_or(target);
        let needed = |node: NodeId| {
            if node != 0
                && (near.contains(&node)
                    || document.is_root(node)
                    || document.is_within(node, control))
            {
                BACKGROUND_TOUCHES_NEAR_TARGET
            } else if self.answers.iter().any(|(_, answer)| *answer == node) {
                2
            } else {
                1
            }
        };
        let of_one_node = touches.chunk_by(|(node, _), (next, _)| node == next);
        let mut nodes: Vec<NodeId> = of_one_node
            .filter(|touches| !rests(touches, at))
            .filter_map(|touches| touches.first().map(|(node, _)| (*node, touches.len())))
            .filter(|(node, count)| *count >= needed(*node))
            .map(|(node, _)| node)
            .collect();
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
            let effects = batch.effects.iter();
            let mut effects: SmallVec<_> =
                effects.map(|effect| effect.renumbered(numbers)).collect();
            effects.sort_unstable();
            *batch = Batch::new(batch.at, effects, batch.size, batch.prompted);
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

/// Whether a node that was touched at these times has stopped: nothing came for several times as long as it
/// took from touch to touch. An answer that was written word by word is written.
fn rests(touches: &[(NodeId, i64)], at: i64) -> bool {
    let [(_, first), .., (_, last)] = touches else {
        return false;
    };
    let gaps = touches.len() as i64 - 1;
    let silence = at - last;
    gaps >= RESTS_AFTER_GAPS
        && silence > LEAST_REST_MS
        && silence > RESTS_AFTER_GAPS * (last - first) / gaps
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
    let mut shared: SmallVec<[Region; 64]> = nodes.iter().flat_map(|node| places(*node)).collect();
    shared.sort_unstable();
    let is_shared = |place: &Region| {
        let first = shared.partition_point(|other| other < place);
        shared.get(first + NODES_OF_A_REGION - 1) == Some(place)
    };
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
        if self.regions.is_empty() {
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
