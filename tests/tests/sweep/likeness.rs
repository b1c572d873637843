//! Whether a run with a fault came to the same as one without: all that may differ stands here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use aws_sdk_dynamodb::types::AttributeValue;
use sha2::{Digest, Sha256};
use store::keys::SORT;

use crate::door::Answer;
use crate::masking::Words;
use crate::snapshot::{Row, Rows, Snapshot};

/// What a step came to.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) answer: Answer,
    pub(crate) after: Snapshot,
}

/// A step's outcome without a fault, and what in it is random.
pub(crate) struct Usual {
    outcome: Outcome,
    words: Words,
}

impl Usual {
    /// Of two runs without a fault.
    pub(crate) fn of(outcome: Outcome, other: &Outcome) -> Self {
        let (one, two) = (outcome.texts(), other.texts());
        let words = Words::common(one.iter(), two.iter());
        Self { outcome, words }
    }

    pub(crate) fn is_success(&self) -> bool {
        self.outcome.answer.is_success
    }

    /// How an answer differs from the usual one.
    pub(crate) fn difference_of_answer(&self, answer: &Answer) -> Option<String> {
        let (usual, found) = (self.outcome.answer.text(), answer.text());
        let mask = |text: &str| text.lines().map(|line| self.words.mask(line)).collect();
        difference(mask(&usual), mask(&found))
    }

    /// How what stands in the table, in the bucket and on the queues differs from the usual.
    pub(crate) fn difference_of_world(&self, found: &Snapshot, asked: Asked) -> Option<String> {
        self.difference(&self.outcome.after, found, asked)
    }

    /// The same later on: `usual` is what comes of the usual outcome, `found` what comes of another.
    pub(crate) fn difference(
        &self,
        usual: &Snapshot,
        found: &Snapshot,
        asked: Asked,
    ) -> Option<String> {
        let rows = forgiving(&found.rows, &usual.rows, asked);
        let left = |rows: &Rows, snapshot: &Snapshot, other: &Rows, others: &Snapshot| {
            let rows = rows
                .iter()
                .filter(|(key, row)| other.get(*key) != Some(row));
            let rows = rows.map(|(_, row)| self.row(row));
            let objects = snapshot.objects.iter();
            let objects =
                objects.filter(|(path, content)| others.objects.get(*path) != Some(content));
            let objects = objects.map(|(path, content)| self.words.mask(&object(path, content)));
            // A message may come twice: every worker of ours takes it as one. So nobody counts them.
            let messages = messages(snapshot).into_iter();
            let messages: BTreeSet<_> = messages.map(|line| self.words.mask(&line)).collect();
            rows.chain(objects).chain(messages).collect()
        };
        difference(
            left(&usual.rows, usual, &rows, found),
            left(&rows, found, &usual.rows, usual),
        )
    }

    /// The members of a set have no order, nor have attributes: each is masked, then they are sorted.
    fn row(&self, row: &Row) -> String {
        let fields = row.iter();
        let mut fields: Vec<_> = fields
            .map(|(name, value)| {
                let mut parts = parts(value);
                parts
                    .iter_mut()
                    .for_each(|part| *part = self.words.mask(part));
                parts.sort();
                format!("{name}: {}", parts.join(", "))
            })
            .collect();
        fields.sort();
        fields.join("; ")
    }
}

impl Outcome {
    fn texts(&self) -> Vec<String> {
        let rows = self.after.rows.values();
        let rows = rows.flat_map(|row| row.iter());
        let rows = rows.flat_map(|(name, value)| parts(value).into_iter().chain([name.clone()]));
        let objects = self.after.objects.iter();
        let objects = objects.map(|(path, content)| object(path, content));
        rows.chain(objects)
            .chain(messages(&self.after))
            .chain([self.answer.text()])
            .collect()
    }
}

/// How often whoever asked has asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Once,
    /// After a failure.
    Again,
    /// After a failure, from the beginning of an authorization on.
    Anew,
}

/// Rows with what may be more after an answer was lost set to what it usually is.
///
/// - Whoever counts adds, and what is added twice counts twice: the numbers of a day, and how often a link was opened.
///   They are for people, and say so.
/// - Who asks again after a failure may have a row written once more: its writes are counted.
/// - Who authorizes anew connects once more, and each connection has a number.
fn forgiving(found: &Rows, usual: &Rows, asked: Asked) -> Rows {
    let mut rows = found.clone();
    for (key, row) in &mut rows {
        let usual_row = usual.get(key).or_else(|| twin(row, usual));
        let Some(usual) = usual_row else {
            continue;
        };
        let is_count = row[SORT] == AttributeValue::S("COUNTS".to_owned());
        for (name, value) in row.iter_mut() {
            let may_be_more = match name.as_str() {
                "opened" => true,
                "version" | "projected" => asked != Asked::Once,
                "epoch" => asked == Asked::Anew,
                _ => is_count,
            };
            if let (Some(more), Some(counted)) = (count(value), usual.get(name).and_then(count))
                && may_be_more
                && more >= counted
            {
                *value = AttributeValue::N(counted.to_string());
            }
        }
    }
    // A browser that begins anew spends another state. Nobody asks for that row, and it expires.
    if asked == Asked::Anew {
        let states: Vec<_> = usual
            .keys()
            .filter(|(key, _)| key.starts_with("STATE#"))
            .collect();
        rows.retain(|key, _| !key.0.starts_with("STATE#") || states.contains(&key));
    }
    rows
}

/// The handover that stands in for one with another random key.
fn twin<'a>(row: &Row, usual: &'a Rows) -> Option<&'a Row> {
    usual.values().find(|other| {
        row[SORT] == other[SORT] && row[SORT] == AttributeValue::S("HANDOVER".to_owned())
    })
}

fn count(value: &AttributeValue) -> Option<u64> {
    value.as_n().ok()?.parse().ok()
}

fn object(path: &str, content: &[u8]) -> String {
    let digest = hex(&Sha256::digest(content));
    format!("object {path}: {} bytes, {digest}", content.len())
}

fn messages(snapshot: &Snapshot) -> Vec<String> {
    let lines = snapshot.messages.iter();
    lines
        .flat_map(|(line, messages)| messages.iter().map(move |message| (line, message)))
        .map(|(line, message)| {
            let kind = if message.is_dead {
                "dead letter"
            } else {
                "message"
            };
            format!(
                "{kind} of {line:?} at {}: {}",
                message.visible_at, message.body
            )
        })
        .collect()
}

/// A value as texts: one for each member of a set, one for everything else.
fn parts(value: &AttributeValue) -> Vec<String> {
    match value {
        AttributeValue::Ss(texts) => texts.clone(),
        AttributeValue::Bs(blobs) => blobs.iter().map(|blob| hex(blob.as_ref())).collect(),
        value => vec![text(value)],
    }
}

fn text(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        AttributeValue::Bool(flag) => flag.to_string(),
        AttributeValue::B(bytes) => hex(bytes.as_ref()),
        AttributeValue::L(values) => {
            let texts: Vec<_> = values.iter().map(text).collect();
            format!("[{}]", texts.join(", "))
        }
        AttributeValue::M(fields) => {
            let fields: BTreeMap<_, _> = fields
                .iter()
                .map(|(name, value)| (name, text(value)))
                .collect();
            format!("{fields:?}")
        }
        other => format!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}

/// Lines of a difference that are told.
const MOST_LINES: usize = 8;

/// What only one of two has.
fn difference(usual: Vec<String>, found: Vec<String>) -> Option<String> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for line in usual {
        *counts.entry(line).or_default() -= 1;
    }
    for line in found {
        *counts.entry(line).or_default() += 1;
    }
    let mut told = String::new();
    let different = counts.iter().filter(|(_, count)| **count != 0);
    for (line, count) in different.take(MOST_LINES) {
        let sign = if *count < 0 { "missing" } else { "too much" };
        let short: String = line.chars().take(400).collect();
        writeln!(told, "    {sign}: {short}").unwrap();
    }
    (!told.is_empty()).then_some(told)
}
