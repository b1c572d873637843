//! One event: read, planned by its source's settings as they are now, and told.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::{SignedDuration, Timestamp};
use outbox::{
    Became, Courier, Outcome, Rules, Step, Telling, UnknownAttributes, Verdict, WaitingEvent, Who,
};
use tracking::{DropReason, Plan, SourceSettings, TrackedEvent, Unknown};

use crate::Error;
use crate::later::TRIED_FOR;

/// Why an event waits for its person. It stands in the table and in the API.
pub(crate) const UNKNOWN_PERSON: &str = "unknown_person";

/// Why an event is not told that waited, or was asked for once more, when its source was deleted.
pub(crate) const SOURCE_DELETED: &str = "source_deleted";

/// Why an event waits, or has failed, while Intercom does not work.
pub(crate) const UNAVAILABLE: &str = "intercom_unavailable";

/// What is to be told of an event.
pub(crate) struct Planned {
    pub(crate) who: Who,
    /// Another id that the person may be known by (`alias`).
    pub(crate) other: Option<Who>,
    steps: Vec<Step>,
    warnings: Vec<String>,
    rules: Rules,
    /// When it no longer waits for its person.
    pub(crate) due_at: Timestamp,
    drops_unknown: bool,
}

/// What came of an event.
pub(crate) enum Came {
    /// Something for good.
    Became(Became),
    /// Its person is not known yet.
    Unknown,
    /// It comes again then, by itself.
    Busy(Timestamp),
    /// Nothing can be told: why.
    Stopped(Verdict, Became),
}

/// Reads and plans an event; what became of it where there is nothing to tell.
pub(crate) fn plan(event: &WaitingEvent, settings: &SourceSettings) -> Result<Planned, Became> {
    let Some(body) = &event.body else {
        return Err(became(Outcome::Failed, "unreadable"));
    };
    // An event on which our own code stumbles is set aside, and does not hold up those behind it.
    let planned = catch_unwind(AssertUnwindSafe(|| {
        let tracked = TrackedEvent::from_stored(body).map_err(|_| None)?;
        let is_anonymous = tracked.user_id.is_none() && tracked.email.is_none();
        let plan = tracking::plan(&tracked, settings).map_err(Some)?;
        Ok::<_, Option<DropReason>>((plan, is_anonymous))
    }));
    match planned {
        Ok(Ok((plan, is_anonymous))) => Ok(Planned::of((plan, is_anonymous), event, settings)),
        Ok(Err(Some(reason))) => Err(became(Outcome::Dropped, reason.code())),
        Ok(Err(None)) => Err(became(Outcome::Failed, "unreadable")),
        Err(_) => Err(became(Outcome::Failed, "internal_error")),
    }
}

impl Planned {
    fn of(
        (plan, is_anonymous): (Plan, bool),
        event: &WaitingEvent,
        settings: &SourceSettings,
    ) -> Self {
        let warnings = plan.warnings.iter();
        let warnings = warnings.map(|warning| format!("{}: {warning}", warning.code()));
        let steps: Vec<Step> = plan.steps.into_iter().map(step).collect();
        let other = steps.iter().find_map(|step| match step {
            Step::Alias { previous_id, .. } => Some(Who {
                external_id: Some(previous_id.clone()),
                email: None,
            }),
            _ => None,
        });
        let wait = SignedDuration::from_secs(i64::from(settings.wait_seconds));
        Self {
            who: Who {
                external_id: plan.person.external_id,
                email: plan.person.email,
            },
            other,
            steps,
            warnings: warnings.collect(),
            rules: Rules {
                trust: event.trust,
                unknown_attributes: match settings.unknown_attributes {
                    Unknown::Create => UnknownAttributes::Create,
                    Unknown::Drop => UnknownAttributes::Drop,
                },
                create_from_claims: settings.create_from_claims,
                protected_attributes: settings.protected_attributes.clone(),
                lists_events: settings.events.allow.is_some(),
                create_unknown: false,
                by_anonymous_id: is_anonymous,
                may_wait: true,
            },
            due_at: event
                .received_at
                .checked_add(wait)
                .unwrap_or(Timestamp::MAX),
            drops_unknown: settings.unknown_person == Unknown::Drop,
        }
    }

    /// Tells it.
    pub(crate) async fn tell(
        &self,
        event: &WaitingEvent,
        courier: &mut Courier<'_>,
        now: Timestamp,
    ) -> Result<Came, Error> {
        let is_due = self.due_at <= now;
        let rules = Rules {
            create_unknown: is_due && !self.drops_unknown,
            may_wait: !is_due,
            ..self.rules.clone()
        };
        let telling = Telling {
            message_id: &event.message_id,
            timestamp: event.timestamp,
            received_at: event.received_at,
            position: event.position,
            who: &self.who,
            steps: &self.steps,
            rules: &rules,
        };
        let verdict = courier.tell(&telling).await?;
        let became = |outcome, reason: Option<&str>| Became {
            outcome,
            reason: reason.map(str::to_owned),
            warnings: self
                .warnings
                .iter()
                .chain(&courier.warnings)
                .cloned()
                .collect(),
            calls: courier.calls.clone(),
        };
        // How long it waited for something else says nothing of Intercom.
        let tried_since = event.waited_since(UNAVAILABLE);
        let is_tried_enough =
            tried_since.is_some_and(|since| now.duration_since(since) >= TRIED_FOR);
        Ok(match verdict {
            Verdict::Sent => Came::Became(became(Outcome::Sent, None)),
            Verdict::Dropped(reason) => Came::Became(became(Outcome::Dropped, Some(reason))),
            Verdict::Failed(reason) => Came::Became(became(Outcome::Failed, Some(&reason))),
            Verdict::Unknown if is_due => {
                Came::Became(became(Outcome::Dropped, Some(UNKNOWN_PERSON)))
            }
            Verdict::Unknown => Came::Unknown,
            Verdict::Busy(until) => Came::Busy(until),
            Verdict::Unavailable if is_tried_enough => {
                Came::Became(became(Outcome::Failed, Some(UNAVAILABLE)))
            }
            Verdict::Held(reason) => {
                let waits = became(Outcome::Waiting, Some(reason.as_str()));
                Came::Stopped(verdict, waits)
            }
            Verdict::Unavailable | Verdict::NotBefore(_) => {
                Came::Stopped(verdict, became(Outcome::Waiting, Some(UNAVAILABLE)))
            }
        })
    }
}

/// What became of an event that nobody was asked about.
pub(crate) fn became(outcome: Outcome, reason: &str) -> Became {
    Became {
        outcome,
        reason: Some(reason.to_owned()),
        warnings: Vec::new(),
        calls: Vec::new(),
    }
}

fn step(step: tracking::Step) -> Step {
    match step {
        tracking::Step::Contact(contact) => Step::Contact(contact),
        tracking::Step::Company { company, member } => Step::Company { company, member },
        tracking::Step::Event(event) => Step::Event(event),
        tracking::Step::Alias {
            previous_id,
            user_id,
        } => Step::Alias {
            previous_id,
            user_id,
        },
    }
}
