//! Tells Intercom of one event: finds its person, and makes the calls.
//!
//! - `call`: one call, within the workspace's budget, and what its failure means
//! - `resolve`: which contact somebody is
//! - `contact`, `create`: changing a contact, and creating one
//! - `memory`: which contact has which names
//! - `reclaim`: taking an address back from whoever has only claimed it
//! - `company`, `event`, `alias`: the other steps
//! - `delete`: somebody is to be forgotten
//! - `attributes`: custom attributes that a workspace does not know
//! - `refused`: what is left out of a body that is refused
//!
//! All of it may be done again, by anybody, at any time: what has been told is not told again, and
//! nothing older overwrites what is newer.

mod alias;
pub(crate) mod attributes;
mod call;
mod company;
mod contact;
mod create;
mod delete;
mod event;
mod memory;
mod reclaim;
mod refused;
mod resolve;

use std::collections::HashSet;

use identity::WorkspaceId;
use intercom::Region;
use intercom::oauth::AccessToken;
use intercom::rest::{Client, CompanyWrite, ContactWrite, EventWrite, Model};
use jiff::Timestamp;
use platform::clock::Clock;

use crate::delivery::ApiCall;
use crate::event::Trust;
use crate::lane::{Lane, email_hash, id_hash};
use crate::message::MessageKey;
use crate::pace::budget::Allowances;
use crate::pace::hold::HoldReason;
use crate::pace::names::KnownEventNames;
use crate::person::marks::Stamp;
use crate::{Error, OrganizationOutbox};

use attributes::KnownAttributes;

/// Who an event is about, by the names that Intercom knows people by.
#[derive(Clone, Default)]
pub struct Who {
    /// The site's own id.
    pub external_id: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// One thing to tell.
#[derive(Clone)]
#[allow(clippy::large_enum_variant)] // An event has a few of them, and they are read once.
pub enum Step {
    /// What is known of the person.
    Contact(ContactWrite),
    /// What is known of a company, and whether the person belongs to it from now on (`true`), or no
    /// longer.
    Company {
        /// The company.
        company: CompanyWrite,
        /// `None`: nothing is said of the person.
        member: Option<bool>,
    },
    /// What the person did.
    Event(EventWrite),
    /// The person has another external id from now on.
    Alias {
        /// The one before.
        previous_id: String,
        /// The one from now on.
        user_id: String,
    },
}

/// What is to be done about custom attributes that a workspace does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownAttributes {
    /// Make them known; those that cannot be are left out.
    Create,
    /// Leave them out.
    Drop,
}

/// What a source says about telling.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How much names are to be believed.
    pub trust: Trust,
    /// See [`UnknownAttributes`].
    pub unknown_attributes: UnknownAttributes,
    /// Whether a claim may make a contact that is not there.
    pub create_from_claims: bool,
    /// Fields and custom attributes that a claim does not set.
    pub protected_attributes: Vec<String>,
    /// Whether the source lists the events that it delivers: then each of their names is wanted.
    pub lists_events: bool,
    /// Whether somebody unknown is created rather than waited for.
    pub create_unknown: bool,
    /// Whether the external id is the person's anonymous id.
    pub by_anonymous_id: bool,
    /// Whether there is time for an identify still to come.
    pub may_wait: bool,
}

/// What is to be told.
#[derive(Clone)]
pub struct Telling<'a> {
    /// By which a repeat is known.
    pub message_id: &'a str,
    /// When it happened.
    pub timestamp: Timestamp,
    /// When it was taken.
    pub received_at: Timestamp,
    /// Where it stood in its request.
    pub position: u16,
    /// Who it is about.
    pub who: &'a Who,
    /// What to tell, in this order.
    pub steps: &'a [Step],
    /// How.
    pub rules: &'a Rules,
}

/// What came of telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Intercom knows it.
    Sent,
    /// It is not told, by a rule: a stable word.
    Dropped(&'static str),
    /// Intercom refuses it: a stable word.
    Failed(String),
    /// Nobody knows the person yet.
    Unknown,
    /// Somebody tells the same contact something at this moment: this event comes again then.
    Busy(Timestamp),
    /// Too many calls: nothing can be told before then.
    NotBefore(Timestamp),
    /// Intercom does not work, or did not answer.
    Unavailable,
    /// The workspace is held.
    Held(HoldReason),
}

/// Tells Intercom of one event. What it has learnt is read from it afterwards.
pub struct Courier<'a> {
    outbox: &'a OrganizationOutbox<'a>,
    workspace: &'a WorkspaceId,
    intercom: &'a Client,
    region: Region,
    token: &'a AccessToken,
    allowances: &'a Allowances,
    attributes: &'a KnownAttributes,
    event_names: &'a KnownEventNames,
    clock: &'a Clock,
    /// Names the run, for what only one run may do at a time.
    run: &'a str,
    /// What was asked, in order.
    pub calls: Vec<ApiCall>,
    /// What was left out, or is to be looked at: stable words, some with a name after a colon.
    pub warnings: Vec<String>,
    /// Lanes that waited for somebody who is known now: each is to be sent to its worker.
    pub woken: Vec<Lane>,
    /// Contacts that turned out to be gone.
    gone: HashSet<String>,
    /// Custom attributes of which something has been done.
    mended: HashSet<(Model, String)>,
}

/// What a courier works with, beside the organization and its workspace.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// Calls to Intercom.
    pub intercom: &'a Client,
    /// Opens the workspace there.
    pub token: &'a AccessToken,
    /// How many calls are left.
    pub allowances: &'a Allowances,
    /// Which custom attributes there are.
    pub attributes: &'a KnownAttributes,
    /// Which names of events there are.
    pub event_names: &'a KnownEventNames,
    /// Tells the time.
    pub clock: &'a Clock,
    /// Names the run: no other has the same name.
    pub run: &'a str,
}

/// Why telling stops before it is done.
pub(crate) enum Stop {
    /// With this verdict.
    With(Verdict),
    /// The table failed.
    Table(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Table(error)
    }
}

impl From<table::Error> for Stop {
    fn from(error: table::Error) -> Self {
        Self::Table(error.into())
    }
}

/// A step's own result.
pub(crate) type Progress<T> = Result<T, Stop>;

impl<'a> Courier<'a> {
    /// A courier for one event of a workspace.
    #[must_use]
    pub fn new(
        outbox: &'a OrganizationOutbox<'a>,
        workspace: &'a WorkspaceId,
        region: Region,
        means: Means<'a>,
    ) -> Self {
        Self {
            outbox,
            workspace,
            intercom: means.intercom,
            region,
            token: means.token,
            allowances: means.allowances,
            attributes: means.attributes,
            event_names: means.event_names,
            clock: means.clock,
            run: means.run,
            calls: Vec::new(),
            warnings: Vec::new(),
            woken: Vec::new(),
            gone: HashSet::new(),
            mended: HashSet::new(),
        }
    }

    /// Tells it.
    ///
    /// # Errors
    /// [`Error::Table`] when the table fails: it may have been told, and is told again.
    pub async fn tell(&mut self, telling: &Telling<'_>) -> Result<Verdict, Error> {
        match self.tell_steps(telling).await {
            Ok(()) => Ok(Verdict::Sent),
            Err(Stop::With(verdict)) => Ok(verdict),
            Err(Stop::Table(error)) => Err(error),
        }
    }

    async fn tell_steps(&mut self, telling: &Telling<'_>) -> Progress<()> {
        let mut is_unknown = false;
        for step in telling.steps {
            let told = match step {
                Step::Contact(contact) => Box::pin(self.tell_contact(telling, contact))
                    .await
                    .map(drop),
                Step::Company { company, member } => {
                    Box::pin(self.tell_company(telling, company, *member)).await
                }
                Step::Event(event) => Box::pin(self.tell_event(telling, event)).await,
                Step::Alias {
                    previous_id,
                    user_id,
                } => Box::pin(self.tell_alias(telling, previous_id, user_id)).await,
            };
            match told {
                // A company is told of though nobody knows its member yet.
                Err(Stop::With(Verdict::Unknown)) => is_unknown = true,
                // A company of which nothing is told takes no contact along.
                Err(Stop::With(Verdict::Dropped(reason)))
                    if matches!(step, Step::Company { .. }) && telling.steps.len() > 1 =>
                {
                    self.warn(reason);
                }
                told => told?,
            }
        }
        match is_unknown {
            true => Err(Stop::With(Verdict::Unknown)),
            false => Ok(()),
        }
    }

    fn warn(&mut self, warning: impl Into<String>) {
        const MOST: usize = 50;
        let warning = warning.into();
        if self.warnings.len() < MOST && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn stamp(telling: &Telling<'_>) -> Stamp {
        let message = MessageKey::of(telling.message_id);
        let at = (telling.timestamp, telling.received_at, telling.position);
        Stamp::new(at, &message)
    }
}

impl OrganizationOutbox<'_> {
    /// What somebody's names are found by.
    #[must_use]
    pub fn key_hashes(&self, who: &Who) -> Vec<String> {
        let (external, email) = self.hashes(who);
        external.into_iter().chain(email).collect()
    }

    pub(crate) fn hashes(&self, who: &Who) -> (Option<String>, Option<String>) {
        let external = who.external_id.as_deref().map(|id| id_hash(&self.key, id));
        let email = who
            .email
            .as_deref()
            .map(|email| email_hash(&self.key, email));
        (external, email)
    }
}
