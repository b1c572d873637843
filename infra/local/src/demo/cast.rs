//! Who is in the demo: one person for each thing that the canvas can say.

use intercom::fake::{
    Author::{self, Contact as Them, Teammate as Us},
    FakeContact, FakeConversation, Message, Role,
};
use jiff::{SignedDuration, Timestamp};

use super::recording::Recording::{self, *};

const SECOND: i64 = 1;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Somebody who wrote to support. Times are seconds before the demo is told.
pub(super) struct Persona {
    id: &'static str,
    role: Role,
    name: Option<&'static str>,
    email: Option<&'static str>,
    external_id: Option<&'static str>,
    title: &'static str,
    messages: &'static [(Author, i64, &'static str)],
    visits: &'static [(Recording, i64, Aliases)],
}

/// The aliases that a visit is identified with: what stands in the body of `identify`.
pub(super) type Aliases = &'static [(&'static str, &'static str)];

/// One visit, ready to upload.
pub(super) struct Visit {
    /// The same for the same visit of the same demo.
    pub(super) session_id: String,
    pub(super) recording: Recording,
    pub(super) ended_at: Timestamp,
    pub(super) aliases: Aliases,
}

impl Persona {
    /// The persona's conversation in a demo told at `told_at`.
    pub(super) fn conversation(&self, told_at: Timestamp) -> FakeConversation {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let first = self.messages.first().map_or(0, |&(_, ago, _)| ago);
        let known = FakeContact::new(
            format!("66f1c0de{}", self.id),
            self.role,
            before(told_at, first),
        );
        let writer = FakeContact {
            name: owned(self.name),
            email: owned(self.email),
            external_id: owned(self.external_id),
            ..known
        };
        FakeConversation {
            title: self.title.to_owned(),
            messages: self
                .messages
                .iter()
                .map(|&(from, ago, text)| Message {
                    from,
                    text: text.to_owned(),
                    at: before(told_at, ago),
                })
                .collect(),
            ..FakeConversation::new(format!("2154680{}", self.id), writer)
        }
    }

    /// The persona's visits in a demo told at `told_at`.
    pub(super) fn visits(&self, told_at: Timestamp) -> impl Iterator<Item = Visit> {
        self.visits
            .iter()
            .enumerate()
            .map(move |(index, &(recording, ago, aliases))| Visit {
                session_id: format!("demo-{}-{}-{index}", told_at.as_second(), self.id),
                recording,
                ended_at: before(told_at, ago),
                aliases,
            })
    }
}

fn before(told_at: Timestamp, seconds: i64) -> Timestamp {
    told_at
        .saturating_sub(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

const ADA_LAPTOP: Aliases = &[
    ("user_id", "cus_1042"),
    ("email", "ada.whitfield@example.com"),
    ("anonymous_id", "laptop-5c1e"),
];
const ADA_PHONE: Aliases = &[
    ("email", "Ada.Whitfield@example.com"),
    ("anonymous_id", "phone-77b0"),
];
const VISITOR: Aliases = &[("visitor_id", "0b7e4c52-6a3d-4d0f-9a51-2f8f6f0f6d11")];
const MEI: Aliases = &[("user_id", "cus_2210")];
const OSKAR: Aliases = &[("email", "oskar.lind@example.org"), ("user_id", "cus_3178")];

/// In the order of the Inbox: the latest message first.
pub(super) const CAST: &[Persona] = &[
    // Live now, and under way when the conversation began.
    Persona {
        id: "1",
        role: Role::User,
        name: Some("Oskar Lind"),
        email: Some("oskar.lind@example.org"),
        external_id: Some("cus_3178"),
        title: "How do I add a colleague?",
        messages: &[(
            Them,
            20 * SECOND,
            "Hello! I am on the users page right now. How do I add a colleague?",
        )],
        visits: &[(SpaIdle, 0, OSKAR), (PlainDefaults, 2 * DAY, OSKAR)],
    },
    // Writes while the page is still open, seconds after the rage clicks; a long history; two devices that an
    // e-mail links.
    Persona {
        id: "2",
        role: Role::User,
        name: Some("Ada Whitfield"),
        email: Some("ada.whitfield@example.com"),
        external_id: Some("cus_1042"),
        title: "Wishlist does not work",
        messages: &[
            (
                Them,
                14 * MINUTE,
                "Hi! I cannot add anything to my wishlist. I press the button and nothing happens, however often I try.",
            ),
            (
                Us,
                9 * MINUTE,
                "Sorry about that, Ada. Which browser is it?",
            ),
            (
                Them,
                7 * MINUTE,
                "Just the normal one, I think? It worked last week.",
            ),
        ],
        visits: &[
            (ShopRage, 14 * MINUTE - 28 * SECOND, ADA_LAPTOP),
            (SpaIdle, DAY + 3 * HOUR, ADA_LAPTOP),
            (PlainDefaults, 2 * DAY + HOUR, ADA_LAPTOP),
            (MobileTouch, 3 * DAY + 9 * HOUR, ADA_PHONE),
            (ErrorsOnly, 4 * DAY + 2 * HOUR, ADA_LAPTOP),
            (Bounce, 6 * DAY + 5 * HOUR, ADA_PHONE),
            (ShopRage, 8 * DAY + 4 * HOUR, ADA_LAPTOP),
            (MobileTouch, 9 * DAY + 11 * HOUR, ADA_PHONE),
            (PlainDefaults, 11 * DAY + HOUR, ADA_LAPTOP),
            (Bounce, 12 * DAY + 8 * HOUR, ADA_PHONE),
            (SpaIdle, 14 * DAY + 2 * HOUR, ADA_LAPTOP),
            (Bounce, 17 * DAY + 6 * HOUR, ADA_LAPTOP),
            (ErrorsOnly, 20 * DAY + 3 * HOUR, ADA_LAPTOP),
        ],
    },
    // A lead: known by the visitor id alone.
    Persona {
        id: "3",
        role: Role::Lead,
        name: None,
        email: None,
        external_id: Some("0b7e4c52-6a3d-4d0f-9a51-2f8f6f0f6d11"),
        title: "Question about a product",
        messages: &[
            (
                Them,
                41 * MINUTE,
                "Do you deliver to Ireland? I tapped on Buy but I am not sure that anything happened.",
            ),
            (
                Us,
                33 * MINUTE,
                "We do! Let me check what happened with your order.",
            ),
        ],
        visits: &[
            (MobileTouch, 43 * MINUTE, VISITOR),
            (Bounce, 5 * DAY, VISITOR),
        ],
    },
    // A user without an e-mail address.
    Persona {
        id: "4",
        role: Role::User,
        name: Some("Mei Tanaka"),
        email: None,
        external_id: Some("cus_2210"),
        title: "Error on the product page",
        messages: &[(
            Them,
            3 * HOUR,
            "The product page shows an error and nothing else. Is the shop down?",
        )],
        visits: &[
            (ErrorsOnly, 3 * HOUR + 90 * SECOND, MEI),
            (ShopRage, 9 * DAY, MEI),
        ],
    },
    // Nobody has recorded this address.
    Persona {
        id: "5",
        role: Role::User,
        name: Some("Priya Nair"),
        email: Some("priya.nair@example.net"),
        external_id: None,
        title: "Invoice for October",
        messages: &[
            (
                Them,
                DAY + 2 * HOUR,
                "Could you send me the invoice for October once more, please?",
            ),
            (Us, DAY + HOUR, "Of course, it is on its way."),
            (Them, DAY, "Got it, thank you!"),
        ],
        visits: &[],
    },
    // Nothing that could be looked up.
    Persona {
        id: "6",
        role: Role::Lead,
        name: Some("Sam"),
        email: None,
        external_id: None,
        title: "Opening hours",
        messages: &[(Them, 2 * DAY, "Until when are you open on Saturdays?")],
        visits: &[],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_the_latest_conversation_is_on_top() {
        let told_at = Timestamp::from_second(1_800_000_000).unwrap();
        let conversations: Vec<_> = CAST
            .iter()
            .map(|persona| persona.conversation(told_at))
            .collect();
        let ids: HashSet<_> = conversations.iter().map(|each| each.id.as_str()).collect();
        assert_eq!(ids.len(), CAST.len());
        assert!(conversations.is_sorted_by_key(|each| std::cmp::Reverse(each.updated_at())));

        let sessions: Vec<_> = CAST
            .iter()
            .flat_map(|persona| persona.visits(told_at))
            .collect();
        let session_ids: HashSet<_> = sessions
            .iter()
            .map(|visit| visit.session_id.as_str())
            .collect();
        assert_eq!(session_ids.len(), sessions.len());
    }
}
