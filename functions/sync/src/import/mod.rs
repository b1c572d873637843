//! The copy of what Intercom has: one page after another, each part by its own rule.
//!
//! - `plan`: what a pass reads, and who takes the next step (pure)
//! - `calls`: as few calls as deliveries leave
//! - `words`: teammates, tags, segments
//! - `companies`, `members`: companies, and their people
//! - `people`: one contact, wherever it was met
//! - `contacts`: people who have changed
//! - `conversations`, `deletions`: what was said, and what is gone
//! - `sessions`: recordings on the time lines of people
//! - `write_back`: our figures, to companies and people at Intercom
//! - `forget`: everything that was copied

mod calls;
mod companies;
mod contacts;
mod conversations;
mod deletions;
pub(crate) mod forget;
mod members;
mod people;
pub(crate) mod plan;
mod sessions;
mod words;
mod write_back;

use intercom::rest;
use jiff::Timestamp;
use mirror::{Choices, WorkspaceMirror};
use notification::Access;
use store::{Connection, ImportPart, ImportPass};

use crate::{Error, State};
use calls::Calls;

/// Whoever copies a workspace, for one step.
pub(crate) struct Importer<'a> {
    state: &'a State,
    connection: &'a Connection,
    access: &'a Access,
    mirror: WorkspaceMirror<'a>,
    choices: &'a Choices,
    calls: Calls<'a>,
}

/// What a page brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Read {
    /// How many were taken in.
    pub(crate) count: u64,
    /// Where the next page begins; `None`: at the first one.
    pub(crate) cursor: Option<String>,
    /// What is still to be read one by one.
    pub(crate) pending: Vec<String>,
    /// Nothing is left of the part.
    pub(crate) is_last: bool,
    /// Intercom gave nothing of what was asked for, and perhaps gives it later.
    pub(crate) is_in_vain: bool,
}

/// Why a page was not read.
pub(crate) enum Stop {
    /// It can be from then on.
    Wait(Timestamp),
    /// Intercom did not give it.
    Intercom(rest::Error),
    /// It is on our side.
    Ours(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Ours(error.into())
    }
}

impl Read {
    /// The whole part, in one.
    fn all(count: usize) -> Self {
        Self {
            count: count as u64,
            is_last: true,
            ..Self::default()
        }
    }
}

impl<'a> Importer<'a> {
    pub(crate) fn new(
        state: &'a State,
        (connection, access): (&'a Connection, &'a Access),
        choices: &'a Choices,
    ) -> Self {
        let (organization, workspace) = (&connection.organization, &connection.workspace);
        Self {
            state,
            connection,
            access,
            mirror: state.mirror.of(organization, workspace),
            choices,
            calls: Calls::new(state, organization, workspace),
        }
    }

    /// Reads the page at which a pass stands, and copies what is on it. `since`: nothing older is wanted.
    pub(crate) async fn page(
        &mut self,
        pass: &ImportPass,
        since: Option<Timestamp>,
    ) -> Result<Read, Stop> {
        match pass.part {
            ImportPart::Admins => self.admins().await,
            ImportPart::Tags => self.tags().await,
            ImportPart::Segments => self.segments().await,
            ImportPart::Companies => self.companies(pass.cursor.as_deref()).await,
            ImportPart::Members => self.members(pass.cursor.as_deref(), since).await,
            ImportPart::Contacts => self.contacts(pass.cursor.as_deref(), since).await,
            ImportPart::Conversations => self.conversations(pass, since).await,
            ImportPart::Deletions => self.deletions(pass.cursor.as_deref(), since).await,
            // Boxed: the others need not its room.
            ImportPart::WriteBack => Box::pin(self.write_back(pass.cursor.as_deref())).await,
        }
    }

    fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    /// One call, when there is one; what it answers, or why it does not.
    async fn asked<T>(
        &mut self,
        call: impl Future<Output = Result<T, rest::Error>>,
    ) -> Result<T, Stop> {
        self.calls.take(1).await?;
        match call.await {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.calls.refused(error).await),
        }
    }
}
