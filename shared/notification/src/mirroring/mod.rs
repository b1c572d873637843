//! What a notification says of what is mirrored, and how it comes into the mirror.
//!
//! A [`Change`] is what a topic's rule makes of a notification. What the payload says in full is put as of
//! the notification; the rest is read again at Intercom, within the budget that deliveries share, and put as
//! of the reading. Either may be done twice, late and beside another: newer wins.
//!
//! - [`Change`]: what is to be done; [`changes_of`]: what the panel's own topics say besides
//! - [`Mirroring`]: what a worker keeps for it
//! - `companies`, `contacts`, `conversations`, `events`: how each is done
//! - `reading`: what Intercom is asked for

mod change;
mod companies;
mod contacts;
mod conversations;
mod events;
mod known_choices;
mod reading;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use mirror::{Choices, Mirror, WorkspaceMirror};
use outbox::{Allowances, Outbox};
use store::Connection;

use crate::{Error, State};
use known_choices::KnownChoices;
use reading::Lots;

pub use change::{Change, changes_of};

/// What a worker keeps for the mirror. Cheap to clone.
#[derive(Clone)]
pub struct Mirroring {
    mirror: Mirror,
    outbox: Outbox,
    allowances: Arc<Allowances>,
    choices: Arc<KnownChoices>,
    lots: Arc<Lots>,
}

impl Mirroring {
    /// The mirror, and what its calls of Intercom are counted in.
    #[must_use]
    pub fn new(mirror: Mirror, outbox: Outbox) -> Self {
        Self {
            mirror,
            outbox,
            allowances: Arc::default(),
            choices: Arc::default(),
            lots: Arc::default(),
        }
    }
}

/// One notification's way into the mirror.
struct Copying<'a> {
    state: &'a State,
    connection: &'a Connection,
    mirror: WorkspaceMirror<'a>,
    choices: Choices,
    /// When it happened, by Intercom's clock.
    happened_at: Timestamp,
    /// Whether a delivery before this one may have been cut off in between.
    is_repeat: bool,
}

/// Brings what a notification says into the mirror, as far as the workspace has chosen to.
///
/// # Errors
/// When the table, or Intercom, does not answer: all of it may be repeated.
pub(crate) async fn apply(
    state: &State,
    connection: &Connection,
    changes: Vec<Change>,
    happened_at: Timestamp,
    is_repeat: bool,
) -> Result<(), Error> {
    let mirroring = &state.mirroring;
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let mirror = mirroring.mirror.of(organization, workspace);
    let now = state.clock.now();
    let choices = mirroring.choices.of(&mirror, workspace, now).await?;
    if !choices.is_anything() {
        return Ok(());
    }
    let copying = Copying {
        state,
        connection,
        mirror,
        choices,
        happened_at,
        is_repeat,
    };
    for change in changes {
        // Each of them is a large future.
        Box::pin(copying.apply(change)).await?;
    }
    Ok(())
}

impl Copying<'_> {
    async fn apply(&self, change: Change) -> Result<(), Error> {
        let chosen = &self.choices;
        match change {
            Change::Company(said) if chosen.companies_and_users => {
                self.company(&said, self.happened_at).await
            }
            Change::CompanyGone(id) if chosen.companies_and_users => self.company_gone(&id).await,
            Change::Membership { company, contact } if chosen.companies_and_users => {
                self.membership(&company, &contact).await
            }
            Change::Contact(said) => self.contact(&said, self.happened_at).await,
            Change::ContactAgain(id) => self.contact_again(&id).await,
            Change::ContactAway(said) => self.contact_away(&said).await,
            Change::ContactGone(id) => self.contact_gone(&id).await,
            Change::Merged { survivor, absorbed } => {
                Box::pin(self.merged(&survivor, absorbed.as_deref())).await
            }
            Change::Conversation { said, is_new } if chosen.conversations => {
                Box::pin(self.conversation(&said, is_new)).await
            }
            Change::ConversationAgain(id) if chosen.conversations => {
                self.conversation_again(&id).await
            }
            Change::ConversationGone(id) if chosen.conversations => {
                self.conversation_gone(&id).await
            }
            Change::Event(said) => self.event(&said).await,
            // Nobody asked for it.
            _ => Ok(()),
        }
    }

    fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    /// How new an answer is that is asked for now: newer than the notification that led to it, whatever the
    /// two clocks say.
    fn asks_at(&self) -> Timestamp {
        let after = self.happened_at + SignedDuration::from_millis(1);
        self.now().max(after)
    }

    /// Until when something of that time is kept, seconds since 1970; `None` when that is over.
    fn kept_until(&self, at: Timestamp) -> Option<i64> {
        let days = i64::from(self.connection.preferences.retention_days.get());
        let until = at.as_second() + days * 86_400;
        (until > self.now().as_second()).then_some(until)
    }
}
