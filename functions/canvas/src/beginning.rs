//! When and where the conversation on screen began. Intercom's request says it. Where the request is silent,
//! the store may remember it from the notification of the conversation's beginning.

use identity::{ConversationId, ConversationStart, PageAddress};
use intercom::request::RequestConversation;
use jiff::Timestamp;

/// The moment at which a conversation began, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beginning {
    /// When, by Intercom's clock.
    pub(crate) at: Timestamp,
    /// On which page, if that is known.
    pub(crate) page: Option<PageAddress>,
}

impl Beginning {
    /// How a conversation began; `None` when nobody has said when.
    pub(crate) fn of(
        conversation: &RequestConversation,
        remembered: Option<ConversationStart>,
    ) -> Option<Self> {
        let at = conversation.created_at;
        let at = at.or_else(|| remembered.as_ref().map(|start| start.at))?;
        // Where a teammate wrote first, the page is none that the visitor was on.
        let remembered = remembered.filter(|start| start.by_contact);
        Some(Self {
            at,
            page: page(conversation).or_else(|| remembered.and_then(|start| start.page)),
        })
    }
}

/// The conversation to look up in the store; `None` when Intercom's request already says everything.
pub(crate) fn to_look_up(conversation: &RequestConversation) -> Option<ConversationId> {
    let is_known = conversation.created_at.is_some() && page(conversation).is_some();
    let id = conversation.id.as_deref().filter(|_| !is_known)?;
    ConversationId::parse(id).ok()
}

fn page(conversation: &RequestConversation) -> Option<PageAddress> {
    PageAddress::of(conversation.source.as_ref()?.url.as_deref()?)
}

#[cfg(test)]
mod tests {
    use intercom::request::Source;

    use super::*;
    use crate::view::testing::moment;

    const SAID: &str = "2026-11-20T12:00:00Z";
    const REMEMBERED: &str = "2026-11-20T11:59:58Z";

    fn conversation(created_at: Option<&str>, url: Option<&str>) -> RequestConversation {
        RequestConversation {
            id: Some("215".to_owned()),
            created_at: created_at.map(moment),
            source: Some(Source {
                url: url.map(str::to_owned),
            }),
        }
    }

    fn remembered(by_contact: bool) -> ConversationStart {
        ConversationStart {
            id: ConversationId::parse("215").unwrap(),
            at: moment(REMEMBERED),
            page: PageAddress::of("https://shop.example/remembered"),
            by_contact,
        }
    }

    #[test]
    fn the_request_counts_first_and_what_is_remembered_fills_its_gaps() {
        let url = "https://shop.example/said?secret=1";
        let (said, filled) = ("shop.example/said", "shop.example/remembered");
        for (created_at, url, by_contact, at, page) in [
            (Some(SAID), Some(url), Some(true), SAID, Some(said)),
            (Some(SAID), Some(url), None, SAID, Some(said)),
            (Some(SAID), None, Some(true), SAID, Some(filled)),
            (None, None, Some(true), REMEMBERED, Some(filled)),
            (None, None, Some(false), REMEMBERED, None),
            (None, Some(url), Some(false), REMEMBERED, Some(said)),
            (Some(SAID), Some("no url"), None, SAID, None),
        ] {
            let beginning = Beginning {
                at: moment(at),
                page: page.and_then(|page| PageAddress::of(&format!("https://{page}"))),
            };
            let conversation = conversation(created_at, url);
            let began = Beginning::of(&conversation, by_contact.map(remembered));
            assert_eq!(began, Some(beginning));
        }
        assert_eq!(Beginning::of(&conversation(None, None), None), None);
    }

    #[test]
    fn only_a_conversation_with_gaps_is_looked_up() {
        let url = Some("https://shop.example/");
        assert!(to_look_up(&conversation(Some(SAID), None)).is_some());
        assert!(to_look_up(&conversation(None, url)).is_some());
        assert_eq!(to_look_up(&conversation(Some(SAID), url)), None);
        assert_eq!(to_look_up(&RequestConversation::default()), None);
    }
}
