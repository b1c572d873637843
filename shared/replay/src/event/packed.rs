//! An event that waits from one chunk to the next: only what the summary reads of it, in few bytes.
//!
//! A page that was recorded is megabytes of JSON. Of its attributes only those within controls are read,
//! of its texts the beginning, and its ids mostly count up.

use std::fmt;
use std::ops::Range;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Body, Mutation, NodeId, NodeRecord, Subtree, Traits};
use crate::definitions::MAX_LABEL_CHARS;
use crate::document::shorten;
use crate::json::RawStr;

/// What happened, written down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Packed(Box<[u8]>);

impl Packed {
    /// Means the same to the summary as `body` does.
    pub(crate) fn of(body: Body<'_>) -> Self {
        let mut short = String::new();
        let places = shorten_texts(&body, &mut short);
        let mut body = body;
        let mut places = places.into_iter();
        each_text(&mut body, &mut |text| {
            if let Some(Some(place)) = places.next() {
                *text = RawStr::plain(&short[place]);
            }
        });
        match &mut body {
            Body::FullSnapshot(page) => {
                forget_attributes(page);
                count_up(page, differences);
            }
            Body::Mutation(mutation) => count_up_mutation(mutation, differences),
            _ => {}
        }
        // Writing to memory cannot fail; if it did, the event would be dropped.
        Self(postcard::to_allocvec(&body).unwrap_or_default().into())
    }

    /// What happened; `None` if this was never packed.
    pub(crate) fn unpack(&self) -> Option<Body<'_>> {
        let mut body = postcard::from_bytes(&self.0).ok()?;
        match &mut body {
            Body::FullSnapshot(page) => count_up(page, sums),
            Body::Mutation(mutation) => count_up_mutation(mutation, sums),
            _ => {}
        }
        Some(body)
    }
}

/// Texts of no more bytes stay as they are.
const SHORT_TEXT_BYTES: usize = MAX_LABEL_CHARS * 2;

/// Appends the beginnings of long texts to `short`, and tells for each text of the event where; `None`
/// for those that stay.
fn shorten_texts(body: &Body<'_>, short: &mut String) -> Vec<Option<Range<usize>>> {
    let mut places = Vec::new();
    let mut take = |text: RawStr<'_>| {
        let start = short.len();
        if text.raw().len() > SHORT_TEXT_BYTES {
            shorten(text, short);
        }
        // One of which nothing is left stays: whether it is empty is asked in other ways, too.
        places.push((short.len() > start).then_some(start..short.len()));
    };
    match body {
        Body::FullSnapshot(page) => page.nodes.iter().for_each(|node| take(node.text)),
        Body::Mutation(mutation) => {
            mutation.adds.nodes.iter().for_each(|node| take(node.text));
            mutation.texts.iter().for_each(|(_, text)| take(*text));
        }
        _ => {}
    }
    places
}

/// Calls `change` for the texts of the event, in the same order.
fn each_text<'a>(body: &mut Body<'a>, change: &mut impl FnMut(&mut RawStr<'a>)) {
    match body {
        Body::FullSnapshot(page) => {
            page.nodes
                .iter_mut()
                .for_each(|node| change(&mut node.text));
        }
        Body::Mutation(mutation) => {
            let nodes = mutation.adds.nodes.iter_mut();
            nodes.for_each(|node| change(&mut node.text));
            mutation.texts.iter_mut().for_each(|(_, text)| change(text));
        }
        _ => {}
    }
}

/// Forgets the attributes of what stands in no control. Only a whole page knows what that is. What they tell
/// together with the page's style sheets is kept.
fn forget_attributes(page: &mut Subtree<'_>) {
    if let Some(about) = &page.about
        && !about.styles.shows_by_focus.is_empty()
    {
        for node in &mut page.nodes {
            if node.is_selected(&about.styles.shows_by_focus) {
                node.traits.set(Traits::SHOWS_BY_FOCUS);
            }
        }
    }
    let mut in_control = vec![false; page.nodes.len()];
    for nth in 0..page.nodes.len() {
        let parent = page.parent_index(nth);
        let node = &mut page.nodes[nth];
        in_control[nth] =
            node.traits.has(Traits::CONTROL) || parent.is_some_and(|parent| in_control[parent]);
        if !in_control[nth] {
            node.attributes = "";
        }
    }
}

/// From numbers to how much more each is than the one before it, small ones first; or back.
type Counting = fn(&mut NodeId, &mut NodeId);

fn differences(id: &mut NodeId, last: &mut NodeId) {
    let more = id.wrapping_sub(std::mem::replace(last, *id)) as i32;
    *id = ((more << 1) ^ (more >> 31)) as NodeId;
}

fn sums(more: &mut NodeId, last: &mut NodeId) {
    let difference = (*more >> 1) ^ (*more & 1).wrapping_neg();
    *last = last.wrapping_add(difference);
    *more = *last;
}

fn count_up(tree: &mut Subtree<'_>, counting: Counting) {
    let mut last = 0;
    for NodeRecord { id, .. } in &mut tree.nodes {
        counting(id, &mut last);
    }
    let (mut last, mut last_parent, mut last_next) = (0, 0, 0);
    for (index, parent, next) in &mut tree.roots {
        counting(index, &mut last);
        counting(parent, &mut last_parent);
        counting(next, &mut last_next);
    }
}

fn count_up_mutation(mutation: &mut Mutation<'_>, counting: Counting) {
    count_up(&mut mutation.adds, counting);
    let (mut last, mut last_parent) = (0, 0);
    for (parent, id) in &mut mutation.removes {
        counting(parent, &mut last_parent);
        counting(id, &mut last);
    }
}

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Packed;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Packed, E> {
                Ok(Packed(bytes.into()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}
