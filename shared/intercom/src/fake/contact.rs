//! A contact as the fake Intercom knows it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A person as Intercom knows them. Everything but the id and the role may be missing.
#[derive(Debug, Clone, Serialize)]
pub struct FakeContact {
    /// Unique in the workspace.
    pub id: String,
    /// User or lead.
    pub role: Role,
    /// As the person gave it.
    pub name: Option<String>,
    /// As the person gave it.
    pub email: Option<String>,
    /// A user's id at the customer's site; a lead's visitor id.
    pub external_id: Option<String>,
    /// As the customer's site gave it.
    #[serde(skip)]
    pub phone: Option<String>,
    /// The address of a picture.
    #[serde(skip)]
    pub avatar: Option<String>,
    /// When they signed up at the customer's site.
    #[serde(skip)]
    pub signed_up_at: Option<Timestamp>,
    /// When they were last seen there.
    #[serde(skip)]
    pub last_seen_at: Option<Timestamp>,
    /// When they last wrote.
    #[serde(skip)]
    pub last_replied_at: Option<Timestamp>,
    /// When somebody last wrote to them.
    #[serde(skip)]
    pub last_contacted_at: Option<Timestamp>,
    /// They want no e-mails.
    #[serde(skip)]
    pub unsubscribed_from_emails: bool,
    /// An e-mail to them came back for good.
    #[serde(skip)]
    pub has_hard_bounced: bool,
    /// They called an e-mail spam.
    #[serde(skip)]
    pub marked_email_as_spam: bool,
    /// The admin who looks after them.
    #[serde(skip)]
    pub owner: Option<String>,
    /// Country, region and city.
    #[serde(skip)]
    pub location: [Option<String>; 3],
    /// Ids of their tags.
    #[serde(skip)]
    pub tags: Vec<String>,
    /// Ids of the segments that they are in.
    #[serde(skip)]
    pub segments: Vec<String>,
    /// Intercom's ids of the companies that they belong to, the first one first.
    #[serde(skip)]
    pub companies: Vec<String>,
    /// With what they were last seen.
    #[serde(skip)]
    pub browser: Browser,
    /// Whether they can be found.
    pub standing: Standing,
    /// What the customer keeps about them in Intercom.
    #[serde(skip)]
    pub custom_attributes: Map<String, Value>,
    /// Fields of their JSON that are different in the answers of the API: what a reader has to survive.
    #[serde(skip)]
    pub odd: Map<String, Value>,
    /// When they came to be.
    #[serde(skip)]
    pub created_at: Timestamp,
    /// When something about them last changed.
    #[serde(skip)]
    pub updated_at: Timestamp,
}

/// What kind of contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Known to the customer's site.
    User,
    /// Wrote without being known.
    Lead,
}

/// Whether a contact can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// As usual.
    Present,
    /// Put away; may come back.
    Archived,
    /// Gone for good. What they wrote stays.
    Deleted,
}

/// What the Messenger says about a browser, in Intercom's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Browser {
    /// Family, in lower case.
    pub browser: Option<String>,
    /// As in `156.0.7204.92`.
    pub browser_version: Option<String>,
    /// As in `Mac OS X`.
    pub os: Option<String>,
    /// As in `en`.
    pub browser_language: Option<String>,
}

impl FakeContact {
    /// Somebody of whom nothing is known yet.
    #[must_use]
    pub fn new(id: String, role: Role, created_at: Timestamp) -> Self {
        Self {
            id,
            role,
            name: None,
            email: None,
            external_id: None,
            phone: None,
            avatar: None,
            signed_up_at: None,
            last_seen_at: None,
            last_replied_at: None,
            last_contacted_at: None,
            unsubscribed_from_emails: false,
            has_hard_bounced: false,
            marked_email_as_spam: false,
            owner: None,
            location: [None, None, None],
            tags: Vec::new(),
            segments: Vec::new(),
            companies: Vec::new(),
            browser: Browser::default(),
            custom_attributes: Map::new(),
            odd: Map::new(),
            standing: Standing::Present,
            created_at,
            updated_at: created_at,
        }
    }

    /// Whether they were deleted, which takes so long, and still are in the way.
    pub(super) fn is_being_deleted(&self, takes: SignedDuration, now: Timestamp) -> bool {
        let ends = self.updated_at + takes;
        self.standing == Standing::Deleted && !takes.is_zero() && ends > now
    }
}
