//! Notifications that failed for good, in an admin's words.

use intercom::webhook::Topic;
use notification::Worker;
use store::{Failure, ParkedNotification};

use super::PostForm;
use super::dates::Dates;
use crate::page::MAX_PARKED;

/// Lines on the page: more are nothing that anybody reads one by one.
const MAX_PARKED_LINES: usize = 20;

/// What is parked, and the way back for all of it.
pub(super) struct ParkedCard {
    pub(super) form: PostForm,
    /// How many there are, as far as they were counted.
    pub(super) count: String,
    /// The latest.
    pub(super) lines: Vec<ParkedLine>,
    /// How many there are besides, as far as they were counted.
    pub(super) unlisted: usize,
}

/// One of them.
pub(super) struct ParkedLine {
    /// What its form names.
    pub(super) id: String,
    pub(super) what: String,
    pub(super) when: String,
    pub(super) why: &'static str,
    /// The error's name and text, for whom the admin asks.
    pub(super) details: Option<String>,
    pub(super) attempts: u32,
}

impl ParkedCard {
    /// `None` when nothing is parked.
    pub(super) fn new(
        parked: &[ParkedNotification],
        dates: &Dates,
        form: PostForm,
    ) -> Option<Self> {
        let lines: Vec<_> = parked
            .iter()
            .take(MAX_PARKED_LINES)
            .map(|parked| ParkedLine::new(parked, dates))
            .collect();
        (!parked.is_empty()).then(|| Self {
            form,
            count: match parked.len() {
                all if all >= usize::from(MAX_PARKED) => format!("{all} or more"),
                all => all.to_string(),
            },
            unlisted: parked.len() - lines.len(),
            lines,
        })
    }
}

impl ParkedLine {
    fn new(parked: &ParkedNotification, dates: &Dates) -> Self {
        Self {
            id: parked.id.to_string(),
            what: what(&parked.topic),
            when: dates.write(parked.id.happened_at()),
            why: why(parked.failure.as_ref()),
            details: parked
                .failure
                .as_ref()
                .map(|failure| format!("{}: {}", failure.error_type, failure.reason)),
            attempts: parked.attempts,
        }
    }
}

fn what(topic: &str) -> String {
    let known = Topic::parse(topic).map(Worker::happened);
    known.unwrap_or(topic).to_owned()
}

/// By the kind of error, as its `error_type` names it.
fn why(failure: Option<&Failure>) -> &'static str {
    const CRASHED: &str = "Processing it broke off: it crashed, ran out of time, or our storage did not answer. Sending it again usually helps.";
    let Some(failure) = failure else {
        return CRASHED;
    };
    match failure.error_type.as_str() {
        "notification.malformed" | "notification.malformed_id" => {
            "Intercom sent it in a form that we do not understand yet. Sending it again helps after an update of this installation."
        }
        "notification.misdirected" => {
            "It reached the wrong part of this installation. Sending it again puts it right."
        }
        "store.unavailable" | "store.contended" => {
            "Our storage did not answer in time. Sending it again usually helps."
        }
        kind if kind.starts_with("store.") => {
            "Our storage refused it. Whoever runs this installation has to look at it first."
        }
        _ => CRASHED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_words_and_other_text_stands_as_it_is() {
        for topic in Topic::ALL {
            assert!(!what(topic.as_str()).contains('.'), "{topic:?}");
        }
        assert_eq!(what("contact.tag.created"), "contact.tag.created");
    }
}
