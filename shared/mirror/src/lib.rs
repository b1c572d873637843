//! Our copy of what Intercom has of a workspace: companies, contacts, conversations, data events.
//!
//! - [`Companies`], [`Contacts`], [`Conversations`], [`Events`], [`Vocabulary`]: each puts what Intercom said
//!   and reads it back. Newer wins ([`AsOf`]), however late and often a thing is said.
//! - [`Memberships`]: who belongs to which company.
//! - [`Moments`]: what stands on the time lines of a contact and of their companies: conversations, events,
//!   and sessions, which a function tells of, because this crate knows no recordings.
//! - [`Choices`]: what an organization wants imported.
//!
//! Whatever Intercom said is sealed; the names of companies, states and counts stand in clear. Every write
//! may be done twice, late, and beside another.

mod as_of;
mod choices;
mod companies;
mod company;
mod contact;
mod contacts;
mod conversation;
mod conversation_list;
mod conversations;
mod error;
mod event;
mod events;
mod figures;
mod forget;
mod memberships;
mod moment;
mod moments;
mod parts;
mod record;
mod rows;
mod sealed;
mod vocabulary;

use identity::{MasterKey, OrganizationId, OrganizationKey, WorkspaceId};
use table::Table;

pub use as_of::AsOf;
pub use choices::{Choices, EventNameSet, MAX_IGNORED_EVENTS, SeenWithinDays};
pub use companies::Companies;
pub use company::{Company, CompanyLine, Figures, ListedCompany};
pub use contact::{Contact, ContactLine};
pub use contacts::{Contacts, MAX_CONTACTS_OF_ALIAS};
pub use conversation::{Attachment, Conversation, ConversationState, Part, PartAuthor, Side};
pub use conversation_list::{ConversationPage, ConversationPlace};
pub use conversations::Conversations;
pub use error::Error;
pub use event::{DataEvent, EventName};
pub use events::{EventPage, EventPlace, EventQuery, Events};
pub use forget::Forgotten;
pub use memberships::{MAX_COMPANIES, Member, Memberships};
pub use moment::{Moment, MomentKind, SessionLine, What};
pub use moments::Moments;
pub use parts::MAX_PARTS;
pub use record::{Absence, Put};
pub use vocabulary::{Admin, Named, Vocabulary};

/// Every kind of row that the mirror writes.
pub const ROWS: [table::Spelling; 19] = rows::ROWS;

/// Our copy of what Intercom has. Cheap to clone; one per process.
#[derive(Debug, Clone)]
pub struct Mirror {
    table: Table,
    master: MasterKey,
}

impl Mirror {
    /// The mirror in a table that exists: the one that the store is in.
    #[must_use]
    pub fn new(
        client: &aws_sdk_dynamodb::Client,
        table: impl Into<String>,
        master: MasterKey,
    ) -> Self {
        Self {
            table: Table::new(client, table.into()),
            master,
        }
    }

    /// The copy of one workspace. Nothing that it gives can reach another organization's rows.
    #[must_use]
    pub fn of<'a>(
        &'a self,
        organization: &'a OrganizationId,
        workspace: &'a WorkspaceId,
    ) -> WorkspaceMirror<'a> {
        WorkspaceMirror {
            table: &self.table,
            key: self.master.organization(organization),
            keys: rows::Keys {
                organization,
                workspace,
            },
        }
    }
}

/// The copy of one workspace, by nouns: `mirror.of(&organization, &workspace).companies().list(…)`.
#[derive(Debug, Clone)]
pub struct WorkspaceMirror<'a> {
    table: &'a Table,
    key: OrganizationKey,
    keys: rows::Keys<'a>,
}

impl<'a> WorkspaceMirror<'a> {
    /// Its companies.
    #[must_use]
    pub fn companies(&self) -> Companies<'_, 'a> {
        Companies(self)
    }

    /// Its leads and users.
    #[must_use]
    pub fn contacts(&self) -> Contacts<'_, 'a> {
        Contacts(self)
    }

    /// Who belongs to which company.
    #[must_use]
    pub fn memberships(&self) -> Memberships<'_, 'a> {
        Memberships(self)
    }

    /// What they wrote, and were answered.
    #[must_use]
    pub fn conversations(&self) -> Conversations<'_, 'a> {
        Conversations(self)
    }

    /// What they did, as Intercom was told.
    #[must_use]
    pub fn events(&self) -> Events<'_, 'a> {
        Events(self)
    }

    /// Time lines.
    #[must_use]
    pub fn moments(&self) -> Moments<'_, 'a> {
        Moments(self)
    }

    /// What its words mean: tags, segments, admins.
    #[must_use]
    pub fn vocabulary(&self) -> Vocabulary<'_, 'a> {
        Vocabulary(self)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_row_is_taken_for_one_of_another_kind() {
        let all = [
            store::ROWS.concat(),
            outbox::ROWS.concat(),
            crate::ROWS.to_vec(),
        ];
        table::assert_apart(&all.concat());
    }
}
