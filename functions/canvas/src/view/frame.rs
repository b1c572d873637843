//! What every view of a session needs besides the session: where links lead, which clock the teammate reads.

use identity::SessionId;
use intercom::HttpsUrl;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::{Connection, ConnectionStatus};

/// The surroundings of a view.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// Where things are.
    pub(crate) links: Links,
    /// The workspace's; Intercom does not say the teammate's own.
    pub(crate) timezone: TimeZone,
    /// Now.
    pub(crate) now: Timestamp,
    /// Intercom has refused our token: sessions can still be seen, but an admin should connect again.
    pub(crate) needs_attention: bool,
}

impl Frame {
    /// The surroundings in a connected workspace. A time zone that is unknown here becomes UTC.
    pub(crate) fn new(connection: &Connection, links: Links, now: Timestamp) -> Self {
        Self {
            links: Links {
                player: connection.preferences.player_url_template.clone(),
                ..links
            },
            timezone: TimeZone::get(&connection.timezone).unwrap_or(TimeZone::UTC),
            now,
            needs_attention: connection.status == ConnectionStatus::NeedsAttention,
        }
    }
}

/// Where links lead.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    public_url: HttpsUrl,
    /// The organization's own player: an address with `{session_id}` and `{seconds}` in it.
    player: Option<String>,
}

impl Links {
    /// Links to our own pages.
    pub(crate) fn new(public_url: HttpsUrl) -> Self {
        Self {
            public_url,
            player: None,
        }
    }

    /// A recording, `seconds` after its start: in the organization's own player, if it has one that is an address.
    pub(crate) fn recording(&self, session: &SessionId, seconds: u64) -> HttpsUrl {
        let theirs = self.player.as_ref().and_then(|template| {
            let url = template.replace("{session_id}", session.as_str());
            HttpsUrl::parse(&url.replace("{seconds}", &seconds.to_string())).ok()
        });
        theirs.unwrap_or_else(|| {
            let page = self.public_url.below(["sessions", session.as_str()]);
            page.with_parameter("t", &seconds.to_string())
        })
    }

    /// All sessions of the organization.
    pub(crate) fn all_sessions(&self) -> HttpsUrl {
        self.public_url.below(["sessions"])
    }

    /// Where an admin connects a workspace.
    pub(crate) fn install(&self) -> HttpsUrl {
        self.public_url.below(["install"])
    }

    /// Where an admin sees to the connection.
    pub(crate) fn settings(&self) -> HttpsUrl {
        self.public_url
            .below(["settings", "integrations", "intercom"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::testing::{connection, moment};

    fn recording(template: Option<&str>) -> String {
        let mut connection = connection();
        connection.preferences.player_url_template = template.map(str::to_owned);
        let links = Links::new(HttpsUrl::parse("https://app.example.com/recapt/").unwrap());
        let frame = Frame::new(&connection, links, moment("2026-11-20T12:00:00Z"));
        frame
            .links
            .recording(&SessionId::parse("s:1.a").unwrap(), 65)
            .to_string()
    }

    #[test]
    fn recordings_open_at_their_second() {
        assert_eq!(
            recording(None),
            "https://app.example.com/recapt/sessions/s:1.a?t=65"
        );
        let template = "https://play.example/{session_id}#{seconds}s";
        assert_eq!(recording(Some(template)), "https://play.example/s:1.a#65s");
    }

    #[test]
    fn a_template_that_is_no_address_is_passed_over() {
        for template in [
            "javascript:alert('{session_id}')",
            "http://play.example/{session_id}",
            "{session_id}",
            "",
        ] {
            assert_eq!(recording(Some(template)), recording(None), "{template}");
        }
    }

    #[test]
    fn an_unknown_time_zone_becomes_utc() {
        for (name, offset) in [("America/New_York", -5), ("Mars/Olympus", 0), ("", 0)] {
            let connection = store::Connection {
                timezone: name.to_owned(),
                ..connection()
            };
            let links = Links::new(HttpsUrl::parse("https://app.example.com").unwrap());
            let now = moment("2026-11-20T12:00:00Z");
            let frame = Frame::new(&connection, links, now);
            assert_eq!(
                frame.timezone.to_offset(now).seconds(),
                offset * 3_600,
                "{name}"
            );
        }
    }
}
