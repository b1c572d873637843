//! What can be asked of somebody.

use std::fmt;
use std::str::FromStr;

/// Longest name of an attribute, characters (Intercom's limit).
const MAX_NAME: usize = 190;

/// Something that can be asked of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Field {
    /// The contact's own.
    Own(OwnField),
    /// An attribute that the workspace gave its people.
    Custom(String),
    /// The name of one of their tags.
    Tag,
    /// The name of one of their segments.
    Segment,
    /// A company's of theirs.
    Company(CompanyField),
    /// An attribute that the workspace gave its companies.
    CompanyCustom(String),
    /// Ours: what they went through on the site.
    Signal(Signal),
}

/// What kind of values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// A moment.
    Time,
    /// Whatever the workspace put there.
    Unknown,
}

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal, $kind:ident;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $type { $($(#[$variant_doc])* $variant,)* }

        impl $type {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As an audience spells it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What kind of values it has.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }
        }
    };
}

names! {
    /// A contact's own fields, by Intercom's names.
    OwnField {
        /// Intercom's id.
        Id = "id", Text;
        /// `user` or `lead`.
        Role = "role", Text;
        /// What the workspace itself calls a user.
        ExternalId = "external_id", Text;
        /// The address.
        Email = "email", Text;
        /// What stands behind its @.
        EmailDomain = "email_domain", Text;
        /// The full name.
        Name = "name", Text;
        /// The number.
        Phone = "phone", Text;
        /// The admin who looks after them.
        OwnerId = "owner_id", Text;
        /// When Intercom first heard of them.
        CreatedAt = "created_at", Time;
        /// When they signed up.
        SignedUpAt = "signed_up_at", Time;
        /// When anything about them last changed.
        UpdatedAt = "updated_at", Time;
        /// When they were last seen.
        LastSeenAt = "last_seen_at", Time;
        /// When they last wrote.
        LastRepliedAt = "last_replied_at", Time;
        /// When they were last written to.
        LastContactedAt = "last_contacted_at", Time;
        /// Whether they want no e-mails.
        UnsubscribedFromEmails = "unsubscribed_from_emails", Flag;
        /// Whether their address is dead.
        HasHardBounced = "has_hard_bounced", Flag;
        /// Whether they called an e-mail spam.
        MarkedEmailAsSpam = "marked_email_as_spam", Flag;
        /// As in `chrome`.
        Browser = "browser", Text;
        /// As in `Windows 10`.
        Os = "os", Text;
        /// In English.
        City = "city", Text;
        /// In English.
        Country = "country", Text;
    }
}

names! {
    /// A company's own fields, spelled `company.…`.
    CompanyField {
        /// What the workspace itself calls it.
        CompanyId = "company_id", Text;
        /// Its name.
        Name = "name", Text;
        /// The name of its plan.
        Plan = "plan", Text;
        /// Per month.
        MonthlySpend = "monthly_spend", Number;
        /// How many people it says it has.
        Size = "size", Number;
        /// As in `Manufacturing`.
        Industry = "industry", Text;
        /// Its site.
        Website = "website", Text;
        /// When Intercom first heard of it.
        CreatedAt = "created_at", Time;
        /// When one of its people was last seen.
        LastRequestAt = "last_request_at", Time;
        /// The name of one of its tags.
        Tag = "tag", Text;
        /// The name of one of its segments.
        Segment = "segment", Text;
    }
}

names! {
    /// What somebody went through on the site.
    Signal {
        /// Recorded sessions of the last thirty days.
        Sessions30d = "sessions_30d", Number;
        /// Rage clicks of the last seven days.
        RageClicks7d = "rage_clicks_7d", Number;
        /// Errors and failed requests of the last seven days.
        Errors7d = "errors_7d", Number;
        /// When their last session began.
        LastSessionAt = "last_session_at", Time;
        /// The fingerprint of a problem that they had.
        Problem = "problem", Text;
    }
}

impl Field {
    /// What kind of values it has.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Own(field) => field.kind(),
            Self::Company(field) => field.kind(),
            Self::Signal(signal) => signal.kind(),
            Self::Tag | Self::Segment => Kind::Text,
            Self::Custom(_) | Self::CompanyCustom(_) => Kind::Unknown,
        }
    }
}

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let attribute = |name: &str| match (1..=MAX_NAME).contains(&name.chars().count()) {
            true => Ok(name.to_owned()),
            false => Err(format!(
                "an attribute's name has 1 to {MAX_NAME} characters"
            )),
        };
        if let Some(name) = text.strip_prefix("custom.") {
            return attribute(name).map(Self::Custom);
        }
        if let Some(name) = text.strip_prefix("company.custom.") {
            return attribute(name).map(Self::CompanyCustom);
        }
        let unknown = || {
            // What was sent may be long, and is not repeated.
            "there is no such field; see the list in docs/messages.md".to_owned()
        };
        if let Some(name) = text.strip_prefix("company.") {
            let field = CompanyField::ALL.iter().find(|field| field.name() == name);
            return field.copied().map(Self::Company).ok_or_else(unknown);
        }
        match text {
            "tag" => return Ok(Self::Tag),
            "segment" => return Ok(Self::Segment),
            _ => {}
        }
        let own = OwnField::ALL.iter().find(|field| field.name() == text);
        let own = own.copied().map(Self::Own);
        let signal = || Signal::ALL.iter().find(|signal| signal.name() == text);
        own.or_else(|| signal().copied().map(Self::Signal))
            .ok_or_else(unknown)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(field) => formatter.write_str(field.name()),
            Self::Custom(name) => write!(formatter, "custom.{name}"),
            Self::Tag => formatter.write_str("tag"),
            Self::Segment => formatter.write_str("segment"),
            Self::Company(field) => write!(formatter, "company.{}", field.name()),
            Self::CompanyCustom(name) => write!(formatter, "company.custom.{name}"),
            Self::Signal(signal) => formatter.write_str(signal.name()),
        }
    }
}
