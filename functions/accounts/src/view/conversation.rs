//! One conversation.

use askama::Template;
use jiff::tz::TimeZone;
use mirror::{Part, Side};
use pages::format;
use pages::sign_in::SignedIn;

use crate::conversation::Shown;

/// How long before a conversation its recording is opened, milliseconds: one sees what led to it.
const LEAD_MS: u64 = 5_000;

/// Longest text of a part on the page, characters.
const MAX_SHOWN: usize = 10_000;

/// The page.
#[derive(Template)]
#[template(path = "conversation.html")]
pub(crate) struct ConversationPage {
    title: String,
    intercom: String,
    facts: Vec<(&'static str, String)>,
    watch: Option<Watch>,
    parts: Vec<Said>,
    missing: u64,
}

/// The recording in which it began.
struct Watch {
    link: String,
    at: String,
    story: String,
}

struct Said {
    who: String,
    at: String,
    side: &'static str,
    /// What it is, where it is no plain message.
    mark: Option<&'static str>,
    lines: Vec<String>,
    attachments: Vec<String>,
}

impl ConversationPage {
    pub(crate) fn new(admin: &SignedIn, shown: &Shown) -> Self {
        let timezone = admin.connection.timezone.zone();
        let conversation = &shown.conversation;
        let date = |at| format::date_and_time(at, &timezone);
        let people = shown.people.iter().map(|contact| {
            let name = contact.name.as_deref().or(contact.email.as_deref());
            format::clip(name.unwrap_or("Somebody"), 120)
        });
        let people: Vec<_> = people.collect();
        let rating = conversation
            .rating
            .map(|rating| match &conversation.rating_remark {
                Some(remark) => format!("{rating} of 5: {}", format::clip(remark, 200)),
                None => format!("{rating} of 5"),
            });
        let fin = conversation.ai_participated.then(|| {
            let ended = conversation.ai_resolution.as_deref().unwrap_or("took part");
            let ended = ended.replace('_', " ");
            match conversation.used_connector {
                true => format!("{ended}, with what a data connector told"),
                false => ended,
            }
        });
        let facts = [
            ("With", Some(people.join(", "))),
            ("State", Some(conversation.state.as_str().to_owned())),
            ("Began", conversation.created_at.map(date)),
            ("Last change", conversation.updated_at.map(date)),
            ("Assigned to", shown.assignee.clone()),
            ("Priority", conversation.priority.clone()),
            ("Channel", conversation.channel.clone()),
            ("Page", conversation.page_url.as_deref().map(format::page)),
            ("Tags", Some(shown.tags.join(", "))),
            ("Rating", rating),
            ("Fin", fin),
        ];
        let watch = shown.began_in.as_ref().map(|began| {
            let seconds = began.at_ms.saturating_sub(LEAD_MS) / 1_000;
            Watch {
                link: format!("/sessions/{}?t={seconds}", began.session),
                at: format::offset(began.at_ms),
                story: format::clip(&began.story, 200),
            }
        });
        let said = shown.parts.iter().filter(|part| is_shown(part));
        Self {
            title: format::clip(conversation.title.as_deref().unwrap_or("Conversation"), 200),
            intercom: shown.intercom.clone(),
            facts: facts
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            watch,
            parts: said.map(|part| Said::new(part, &timezone)).collect(),
            missing: conversation.parts_missing,
        }
    }
}

/// Whether there is anything to read.
fn is_shown(part: &Part) -> bool {
    part.body.is_some() || part.is_redacted || !part.attachments.is_empty()
}

impl Said {
    fn new(part: &Part, timezone: &TimeZone) -> Self {
        let side = match part.author.side {
            Side::Contact => "contact",
            Side::Admin => "admin",
            Side::Ai => "ai",
            Side::Bot => "bot",
        };
        let somebody = match part.author.side {
            Side::Contact => "Customer",
            Side::Admin => "Teammate",
            Side::Ai => "Fin",
            Side::Bot => "Bot",
        };
        let mark = match (part.is_note, part.author.side) {
            (true, _) => Some("Note: only teammates saw it"),
            (false, Side::Ai) => Some("AI answer"),
            (false, Side::Bot) => Some("Bot"),
            (false, _) => None,
        };
        let body = match (part.is_redacted, &part.body) {
            (true, _) => "This was redacted in Intercom.".to_owned(),
            (false, Some(body)) => format::clip(body, MAX_SHOWN),
            (false, None) => String::new(),
        };
        let mut lines: Vec<_> = body.lines().map(str::to_owned).collect();
        if part.is_cut {
            lines.push("The rest is in Intercom.".to_owned());
        }
        Self {
            who: format::clip(part.author.name.as_deref().unwrap_or(somebody), 120),
            at: part
                .created_at
                .map_or_else(String::new, |at| format::date_and_time(at, timezone)),
            side,
            mark,
            lines,
            attachments: part
                .attachments
                .iter()
                .map(|attachment| format::clip(&attachment.name, 120))
                .collect(),
        }
    }
}
