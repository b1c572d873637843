//! Links that open a recording, in an admin's words.

use pages::share_token::TEAMMATE;
use store::ShareLink;

use super::PostForm;
use super::dates::Dates;

/// The links, and the way to end one.
pub(super) struct ShareLinksCard {
    pub(super) form: PostForm,
    /// Newest first.
    pub(super) lines: Vec<ShareLine>,
}

/// One of them.
pub(super) struct ShareLine {
    /// What its form names.
    pub(super) id: String,
    pub(super) session: String,
    pub(super) made: String,
    pub(super) until: String,
    pub(super) opened: String,
}

impl ShareLinksCard {
    /// `None` when no link opens anything.
    pub(super) fn new(links: &[ShareLink], dates: &Dates, form: PostForm) -> Option<Self> {
        let lines = links.iter().map(|link| ShareLine::new(link, dates));
        (!links.is_empty()).then(|| Self {
            form,
            lines: lines.collect(),
        })
    }
}

impl ShareLine {
    fn new(link: &ShareLink, dates: &Dates) -> Self {
        let made_in = match link.created_by.as_str() {
            TEAMMATE => "in the Inbox",
            _ => "by an admin",
        };
        Self {
            id: link.id.to_string(),
            session: link.session.to_string(),
            made: format!("Made {made_in} on {}", dates.write(link.created_at)),
            until: dates.write(link.expires_at()),
            opened: match (link.opened, link.last_opened_at) {
                (0, _) | (_, None) => "Never opened".to_owned(),
                (1, Some(at)) => format!("Opened once, on {}", dates.write(at)),
                (times, Some(at)) => {
                    format!("Opened {times} times, last on {}", dates.write(at))
                }
            },
        }
    }
}
