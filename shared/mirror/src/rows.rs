//! The rows of the mirror. Intercom's ids may hold any character, so keys have their digests.

use identity::{AliasName, OrganizationId, WorkspaceId};
use jiff::Timestamp;
use jiff::civil::Date;
use table::{Key, Spelling, digest};

use crate::conversation::Part;
use crate::moment::MomentKind;

/// A company, whole. Its page reads it.
pub(crate) const COMPANY: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#COMPANY#{company}",
    "COMPANY",
);

/// That a contact belongs to a company, with what a list of people shows. Its page reads all of a company's.
pub(crate) const MEMBER: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#COMPANY#{company}",
    "MEMBER#{contact}",
);

/// A conversation, session or event of somebody who belongs to a company. Its page reads the latest.
pub(crate) const COMPANY_MOMENT: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#COMPANY#{company}",
    "MOMENT#{kind}#{when, ms}#{it}#{contact}",
);

/// What a list of companies shows, and our figures. Read all at once: a list is sorted by any of it.
pub(crate) const LISTED_COMPANY: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#COMPANIES",
    "COMPANY#{company}",
);

/// Which company has an id of the workspace's own. It may have another one by now: the company says so.
pub(crate) const COMPANY_ID: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#COMPANY_ID#{digest}",
    "COMPANY#{company}",
);

/// That a company's figures are to be counted again; holds nothing else than since when.
pub(crate) const UNCOUNTED: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#UNCOUNTED",
    "COMPANY#{company}",
);

/// A contact, whole. Their page reads it.
pub(crate) const CONTACT: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#CONTACT#{contact}",
    "CONTACT",
);

/// That a contact belongs to a company: [`MEMBER`] reversed.
pub(crate) const MEMBERSHIP: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#CONTACT#{contact}",
    "MEMBERSHIP#{company}",
);

/// A conversation, session or event of a contact. Their page reads the latest, and so does whoever makes them
/// belong to a company.
pub(crate) const CONTACT_MOMENT: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#CONTACT#{contact}",
    "MOMENT#{kind}#{when, ms}#{it}",
);

/// That there is such a contact. Whoever looks through all of them reads it.
pub(crate) const LISTED_CONTACT: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#CONTACTS",
    "CONTACT#{contact}",
);

/// Which contacts have an e-mail address or user id. They may have another one by now: the contact says so.
pub(crate) const ALIAS: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#ALIAS#{kind}#{hash}",
    "CONTACT#{contact}",
);

/// A conversation without its parts.
pub(crate) const CONVERSATION: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#CONVERSATION#{conversation}",
    "CONVERSATION",
);

/// A part of a conversation. Its page reads all.
pub(crate) const PART: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#CONVERSATION#{conversation}",
    "PART#{when, ms}#{in which order}",
);

/// Where a conversation stands in the list, by its last change. It may stand elsewhere by now: the
/// conversation says so.
pub(crate) const LISTED_CONVERSATION: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#CONVERSATIONS",
    "AT#{when it changed, ms}#{conversation}",
);

/// A data event in the order of its day.
pub(crate) const LISTED_EVENT: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#EVENTS#{day}",
    "AT#{when, ms}#{event}",
);

/// A name that data events have, and how many had it on a day.
pub(crate) const EVENT_NAME: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#EVENT_NAMES",
    "NAME#{digest}",
);

/// All tags, segments, admins or attributes of a workspace.
pub(crate) const VOCABULARY: Spelling = Spelling::new(
    "ORG#{organization}#MIRROR#{workspace}#VOCABULARY",
    "KIND#{kind}",
);

/// Whom a session was noted for, so that it can be taken away again.
pub(crate) const NOTED_SESSION: Spelling = Spelling::new(
    "ORG#{organization}#NOTED_SESSION#{session}",
    "CONTACT#{workspace}#{contact}",
);

/// What an organization chose to import. Read by everything that imports.
pub(crate) const CHOICES: Spelling =
    Spelling::new("ORG#{organization}#MIRROR#{workspace}#CHOICES", "CHOICES");

/// All of these.
pub(crate) const ROWS: [Spelling; 19] = [
    COMPANY,
    MEMBER,
    COMPANY_MOMENT,
    LISTED_COMPANY,
    COMPANY_ID,
    UNCOUNTED,
    CONTACT,
    MEMBERSHIP,
    CONTACT_MOMENT,
    LISTED_CONTACT,
    ALIAS,
    CONVERSATION,
    PART,
    LISTED_CONVERSATION,
    LISTED_EVENT,
    EVENT_NAME,
    VOCABULARY,
    NOTED_SESSION,
    CHOICES,
];

/// Makes the keys of one workspace.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys<'a> {
    pub(crate) organization: &'a OrganizationId,
    pub(crate) workspace: &'a WorkspaceId,
}

/// What stands in keys for an id of Intercom's.
pub(crate) fn of_id(id: &str) -> String {
    let mut digest = digest(id.as_bytes());
    // 128 bits: as many as a random UUID has.
    digest.truncate(32);
    digest
}

fn ms(at: Timestamp) -> i64 {
    at.as_millisecond().max(0)
}

impl Keys<'_> {
    fn partition(&self, of: impl std::fmt::Display) -> String {
        let Self {
            organization,
            workspace,
        } = self;
        format!("ORG#{organization}#MIRROR#{workspace}#{of}")
    }

    /// Everything of a company. `company`: as [`of_id`] gives it, here and in what follows.
    pub(crate) fn company_partition(&self, company: &str) -> String {
        self.partition(format_args!("COMPANY#{company}"))
    }

    pub(crate) fn company(&self, company: &str) -> Key {
        Key::new(self.company_partition(company), "COMPANY")
    }

    pub(crate) fn member(&self, company: &str, contact: &str) -> Key {
        let partition = self.company_partition(company);
        Key::new(partition, format!("{}{contact}", MEMBER.prefix()))
    }

    pub(crate) fn company_moment(&self, company: &str, sort: &str, contact: &str) -> Key {
        Key::new(self.company_partition(company), format!("{sort}#{contact}"))
    }

    pub(crate) fn companies(&self) -> String {
        self.partition("COMPANIES")
    }

    pub(crate) fn listed_company(&self, company: &str) -> Key {
        let sort = format!("{}{company}", LISTED_COMPANY.prefix());
        Key::new(self.companies(), sort)
    }

    pub(crate) fn company_id_partition(&self, company_id: &str) -> String {
        self.partition(format_args!("COMPANY_ID#{}", of_id(company_id)))
    }

    pub(crate) fn company_id(&self, company_id: &str, company: &str) -> Key {
        let sort = format!("{}{company}", COMPANY_ID.prefix());
        Key::new(self.company_id_partition(company_id), sort)
    }

    pub(crate) fn uncounted_partition(&self) -> String {
        self.partition("UNCOUNTED")
    }

    pub(crate) fn uncounted(&self, company: &str) -> Key {
        let sort = format!("{}{company}", UNCOUNTED.prefix());
        Key::new(self.uncounted_partition(), sort)
    }

    /// Everything of a contact.
    pub(crate) fn contact_partition(&self, contact: &str) -> String {
        self.partition(format_args!("CONTACT#{contact}"))
    }

    pub(crate) fn contact(&self, contact: &str) -> Key {
        Key::new(self.contact_partition(contact), "CONTACT")
    }

    pub(crate) fn membership(&self, contact: &str, company: &str) -> Key {
        let partition = self.contact_partition(contact);
        Key::new(partition, format!("{}{company}", MEMBERSHIP.prefix()))
    }

    pub(crate) fn contact_moment(&self, contact: &str, sort: &str) -> Key {
        Key::new(self.contact_partition(contact), sort)
    }

    pub(crate) fn contacts(&self) -> String {
        self.partition("CONTACTS")
    }

    pub(crate) fn listed_contact(&self, contact: &str) -> Key {
        let sort = format!("{}{contact}", LISTED_CONTACT.prefix());
        Key::new(self.contacts(), sort)
    }

    pub(crate) fn alias_partition(&self, alias: &AliasName) -> String {
        self.partition(format_args!("ALIAS#{alias}"))
    }

    pub(crate) fn alias(&self, alias: &AliasName, contact: &str) -> Key {
        let sort = format!("{}{contact}", ALIAS.prefix());
        Key::new(self.alias_partition(alias), sort)
    }

    /// A conversation and its parts.
    pub(crate) fn conversation_partition(&self, conversation: &str) -> String {
        self.partition(format_args!("CONVERSATION#{conversation}"))
    }

    pub(crate) fn conversation(&self, conversation: &str) -> Key {
        Key::new(self.conversation_partition(conversation), "CONVERSATION")
    }

    /// Several parts are said in one second, which is all that Intercom tells: its ids count up, and the
    /// first message comes before all others.
    pub(crate) fn part(&self, conversation: &str, part: &Part) -> Key {
        let at = ms(part.created_at.unwrap_or(Timestamp::UNIX_EPOCH));
        let ordinal = match (part.is_source(), part.id.parse::<u64>()) {
            (true, _) => "0".to_owned(),
            (false, Ok(number)) => format!("1.{number:020}"),
            (false, Err(_)) => format!("2.{}", of_id(&part.id)),
        };
        Key::new(
            self.conversation_partition(conversation),
            format!("{}{at:015}#{ordinal}", PART.prefix()),
        )
    }

    pub(crate) fn conversations(&self) -> String {
        self.partition("CONVERSATIONS")
    }

    pub(crate) fn listed_conversation(&self, changed_at: Timestamp, conversation: &str) -> Key {
        Key::new(
            self.conversations(),
            format!("{}#{conversation}", listed_at(changed_at)),
        )
    }

    pub(crate) fn events(&self, day: Date) -> String {
        self.partition(format_args!("EVENTS#{day}"))
    }

    pub(crate) fn listed_event(&self, day: Date, at: Timestamp, event: &str) -> Key {
        Key::new(
            self.events(day),
            format!("{}#{}", listed_at(at), of_id(event)),
        )
    }

    pub(crate) fn event_names(&self) -> String {
        self.partition("EVENT_NAMES")
    }

    pub(crate) fn event_name(&self, name: &str) -> Key {
        let sort = format!("{}{}", EVENT_NAME.prefix(), of_id(name));
        Key::new(self.event_names(), sort)
    }

    pub(crate) fn vocabulary(&self, kind: &str) -> Key {
        let sort = format!("{}{kind}", VOCABULARY.prefix());
        Key::new(self.partition("VOCABULARY"), sort)
    }

    pub(crate) fn noted_session_partition(&self, session: &str) -> String {
        let organization = self.organization;
        format!("ORG#{organization}#NOTED_SESSION#{session}")
    }

    pub(crate) fn noted_session(&self, session: &str, contact: &str) -> Key {
        let workspace = self.workspace;
        Key::new(
            self.noted_session_partition(session),
            format!("{}{workspace}#{contact}", NOTED_SESSION.prefix()),
        )
    }

    pub(crate) fn choices(&self) -> Key {
        Key::new(self.partition("CHOICES"), "CHOICES")
    }
}

/// Begins the sort key of what stands in a list at a moment.
pub(crate) fn listed_at(at: Timestamp) -> String {
    format!("AT#{:015}", ms(at))
}

/// The sort key of [`CONTACT_MOMENT`], and what that of [`COMPANY_MOMENT`] begins with.
pub(crate) fn moment(kind: MomentKind, at: Timestamp, id: &str) -> String {
    format!("{}#{:015}#{}", kind.as_key(), ms(at), of_id(id))
}
