//! What Intercom says about a contact: the form in which every notification, and every contact read from the
//! REST API, reaches the table.
//!
//! Statements may come twice, late, or in any order, and amount to the same in the end: what one adds is
//! never taken back by another, but for [`Presence`], where the latest counts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Alias, ClientDetails, ContactId, ConversationId, PageAddress, SessionId};

/// What was true of a contact at a moment. What is not said is left as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whom it is about.
    pub contact: ContactId,
    /// When it was true, by Intercom's clock.
    pub at: Timestamp,
    /// A lead's `external_id`: Intercom's id of the browser. Never said of a user.
    pub visitor_id: Option<Alias>,
    /// A user's `external_id`: the site's own id. Never said of a lead.
    pub user_id: Option<Alias>,
    /// The e-mail address that Intercom has of the contact.
    pub email: Option<ContactEmail>,
    /// The lead that was merged into this contact.
    pub absorbed: Option<ContactId>,
    /// Whether the contact is there.
    pub presence: Option<Presence>,
    /// A session that is said to be the contact's: whoever sits at the browser can say so, hence a hint.
    pub session_hint: Option<SessionId>,
    /// The browser that Intercom saw the contact use.
    pub client: ClientDetails,
    /// A conversation that the contact is part of.
    pub conversation: Option<ConversationStart>,
}

/// An e-mail address, and how much it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactEmail {
    /// A lead typed it. Anybody can type anybody's: the lead is found by it, but the history of whoever is
    /// known to have it is not the lead's.
    OfLead(Alias),
    /// The workspace has it of a user.
    OfUser(Alias),
}

/// Whether a contact is there. Of two that are said of the same moment the greater one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It is (again).
    Present,
    /// It is put away, and may come back.
    Archived,
    /// It is gone for good: Intercom gives no id twice.
    Deleted,
}

/// How a conversation began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationStart {
    /// Intercom's id.
    pub id: ConversationId,
    /// When, by Intercom's clock.
    pub at: Timestamp,
    /// On which page, as far as Intercom knows.
    pub page: Option<PageAddress>,
    /// Whether the contact wrote first: only then the contact was on that page.
    pub by_contact: bool,
}

impl Statement {
    /// Says nothing yet but whom it is about.
    #[must_use]
    pub fn about(contact: ContactId, at: Timestamp) -> Self {
        Self {
            contact,
            at,
            visitor_id: None,
            user_id: None,
            email: None,
            absorbed: None,
            presence: None,
            session_hint: None,
            client: ClientDetails::default(),
            conversation: None,
        }
    }
}
