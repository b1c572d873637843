//! Whether a run with a fault came to the same as one without. What may differ stands in `tolerance`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use aws_sdk_dynamodb::types::AttributeValue;
use sha2::{Digest, Sha256};

use crate::door::Answer;
use crate::masking::Words;
use crate::snapshot::{Row, Rows, Snapshot};
use crate::tolerance::{Asked, forgiving, is_left_over};

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
        let mask = |text: &str| {
            let lines = text.lines();
            lines
                .map(|line| Told::always(self.words.mask(line)))
                .collect()
        };
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
        let told = |rows: &Rows, snapshot: &Snapshot, other: &Rows, others: &Snapshot| {
            let rows = rows.iter();
            let rows = rows.filter(|(key, row)| other.get(*key) != Some(row));
            let rows = rows.map(|(_, row)| Told {
                line: self.row(row),
                may_be_left: is_left_over(row, asked),
            });
            let objects = snapshot.objects.iter();
            let objects = objects
                .filter(|(path, content)| others.objects.get(*path) != Some(content))
                .map(|(path, content)| Told {
                    line: self.object(path, content),
                    may_be_left: asked != Asked::Once && path.starts_with("state/"),
                });
            // A message may come twice: every worker of ours takes it as one. So nobody counts them.
            let messages = messages(snapshot).into_iter();
            let messages: BTreeSet<_> = messages.map(|line| self.words.mask(&line)).collect();
            let messages = messages.into_iter().map(Told::always);
            rows.chain(objects).chain(messages).collect()
        };
        difference(
            told(&usual.rows, usual, &rows, found),
            told(&rows, found, &usual.rows, usual),
        )
    }

    /// An object. One whose name is random is named after what is in it, and that is random as well.
    fn object(&self, path: &str, content: &[u8]) -> String {
        let masked = self.words.mask(path);
        match masked == path {
            true => self.words.mask(&object(path, content)),
            false => format!("object {masked}"),
        }
    }

    /// The members of a set have no order, nor have attributes: each is masked, then they are sorted. Which
    /// call wrote a row says nothing of it, but that one did.
    fn row(&self, row: &Row) -> String {
        let fields = row.iter();
        let mut fields: Vec<_> = fields
            .map(|(name, value)| {
                if name == "call" || name.ends_with("_call") {
                    return name.clone();
                }
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

/// A line of what is compared.
struct Told {
    line: String,
    /// Whether there may be more of it than usual.
    may_be_left: bool,
}

impl Told {
    fn always(line: String) -> Self {
        Self {
            line,
            may_be_left: false,
        }
    }
}

/// Lines of a difference that are told, and characters of each.
const MOST_LINES: usize = 8;
const MOST_CHARACTERS: usize = 400;

/// What only one of two has.
fn difference(usual: Vec<Told>, found: Vec<Told>) -> Option<String> {
    let mut counts: BTreeMap<String, (i64, bool)> = BTreeMap::new();
    for told in usual {
        counts.entry(told.line).or_default().0 -= 1;
    }
    for told in found {
        let counted = counts.entry(told.line).or_default();
        counted.0 += 1;
        counted.1 |= told.may_be_left;
    }
    let different = counts.iter().filter(|(_, counted)| match counted {
        (0, _) => false,
        (count, may_be_left) => *count < 0 || !may_be_left,
    });
    let mut told = String::new();
    for (line, (count, _)) in different.take(MOST_LINES) {
        let sign = if *count < 0 { "missing" } else { "too much" };
        let short: String = line.chars().take(MOST_CHARACTERS).collect();
        writeln!(told, "    {sign}: {short}").unwrap();
    }
    (!told.is_empty()).then_some(told)
}
