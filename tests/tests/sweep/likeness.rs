//! Whether a run with a fault came to the same as one without: all that may differ stands here.

use std::collections::BTreeMap;
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
    pub(crate) fn difference_of_world(&self, found: &Snapshot) -> Option<String> {
        let usual = &self.outcome.after;
        let rows = forgiving(&found.rows, &usual.rows);
        difference(self.lines(&usual.rows, usual), self.lines(&rows, found))
    }

    fn lines(&self, rows: &Rows, snapshot: &Snapshot) -> Vec<String> {
        let rows = rows.values().map(|row| self.row(row));
        let objects = snapshot.objects.iter();
        let objects = objects.map(|(path, content)| self.words.mask(&object(path, content)));
        // A message may come twice: every worker of ours takes it as one. So nobody counts them.
        let mut messages = self.masked_messages(snapshot);
        messages.sort();
        messages.dedup();
        rows.chain(objects).chain(messages).collect()
    }

    fn masked_messages(&self, snapshot: &Snapshot) -> Vec<String> {
        let lines = messages(snapshot).into_iter();
        lines.map(|line| self.words.mask(&line)).collect()
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

/// Rows with what may be more after an answer was lost set to what it usually is: whoever counts adds, and what is added
/// twice counts twice. The product's numbers of a day, and how often a link was opened, are for people and say so.
fn forgiving(found: &Rows, usual: &Rows) -> Rows {
    let mut rows = found.clone();
    for (key, row) in &mut rows {
        let Some(usual) = usual.get(key) else {
            continue;
        };
        let is_count = row[SORT] == AttributeValue::S("COUNTS".to_owned());
        for (name, value) in row.iter_mut() {
            if !(is_count || name == "opened") {
                continue;
            }
            if let (Some(more), Some(counted)) = (count(value), usual.get(name).and_then(count))
                && more >= counted
            {
                *value = AttributeValue::N(counted.to_string());
            }
        }
    }
    rows
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
    for (line, count) in counts.iter().filter(|(_, count)| **count != 0) {
        let sign = if *count < 0 { "missing" } else { "too much" };
        let short: String = line.chars().take(400).collect();
        writeln!(told, "    {sign}: {short}").unwrap();
    }
    (!told.is_empty()).then_some(told)
}
