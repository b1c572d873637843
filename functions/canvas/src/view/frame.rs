//! What every view of a session needs besides the session: where links lead, which clock the teammate reads.

use identity::{PersonId, SessionId};
use intercom::HttpsUrl;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pages::addresses::Pages;
use pages::format;
use pages::share_token::{self, ShareToken, Shown};
use pages::signed::Signer;
use pages::viewing::{self, Scope, ViewingLink};
use store::{Connection, ConnectionStatus, PlayerUrlTemplate, ShareLink};

/// Longest name, characters: a button is one line.
const MAX_NAME_CHARS: usize = 24;

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
    /// What Intercom calls the person whose panel it is; `None` when it has no name, or several people's
    /// sessions are shown.
    pub(crate) name: Option<String>,
}

impl Frame {
    /// The surroundings in a connected workspace. A time zone that is unknown here becomes UTC.
    pub(crate) fn new(connection: &Connection, links: Links, now: Timestamp) -> Self {
        Self {
            links: Links {
                player: connection.preferences.player_url_template.clone(),
                ..links
            },
            timezone: connection.timezone.zone(),
            now,
            needs_attention: connection.status == ConnectionStatus::NeedsAttention,
            name: None,
        }
    }

    /// The same surroundings in the panel of somebody whom Intercom calls so.
    pub(crate) fn of_person(self, name: Option<&str>) -> Self {
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        Self {
            name: name.map(|name| format::clip(name, MAX_NAME_CHARS)),
            ..self
        }
    }
}

/// Where links lead.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    pages: Pages,
    /// The organization's own player.
    player: Option<PlayerUrlTemplate>,
    /// What opens our pages to a teammate, who has no session there.
    admission: Option<Admission>,
}

/// What our pages are opened with.
#[derive(Debug, Clone)]
struct Admission {
    signer: Signer,
    connection: Connection,
    people: Vec<PersonId>,
    now: Timestamp,
}

impl Links {
    /// Links to these pages.
    pub(crate) fn new(pages: Pages) -> Self {
        Self {
            pages,
            player: None,
            admission: None,
        }
    }

    /// The same links, which from now on let whoever follows them look, for as long as the connection stands.
    pub(crate) fn admitting(self, connection: &Connection, signer: Signer, now: Timestamp) -> Self {
        let admission = Admission {
            signer,
            connection: connection.clone(),
            people: Vec::new(),
            now,
        };
        Self {
            admission: Some(admission),
            ..self
        }
    }

    /// The same links in the panel of these people.
    pub(crate) fn in_panel_of(mut self, people: &[PersonId]) -> Self {
        if let Some(admission) = &mut self.admission {
            admission.people = people.to_vec();
        }
        self
    }

    /// A recording, `seconds` after its start: in the organization's own player, if it has one.
    pub(crate) fn recording(&self, session: &SessionId, seconds: u64) -> Option<HttpsUrl> {
        self.own_player(session, seconds).or_else(|| {
            let page = self.pages.sessions.as_ref()?.below([session.as_str()]);
            let page = page.with_parameter("t", &seconds.to_string());
            self.admit(page, Some(Scope::Session(session.clone())))
        })
    }

    /// A recording in the organization's own player, if it has one.
    pub(crate) fn own_player(&self, session: &SessionId, seconds: u64) -> Option<HttpsUrl> {
        let template = self.player.as_ref()?;
        let url = template.as_str().replace("{session_id}", session.as_str());
        HttpsUrl::parse(&url.replace("{seconds}", &seconds.to_string())).ok()
    }

    /// The recording that a share link opens, to whoever follows it.
    pub(crate) fn shared(&self, link: &ShareLink) -> Option<HttpsUrl> {
        let page = self.pages.sessions.as_ref()?.below([link.session.as_str()]);
        let admission = self.admission.as_ref()?;
        let token = ShareToken::of(link, &admission.connection.workspace, Shown::Recording);
        let token = token.sign(&admission.signer, &link.session);
        Some(page.with_parameter(share_token::PARAMETER, &token))
    }

    /// All sessions of the people whose panel it is. Where nobody is known, it is the page for whoever is
    /// signed in.
    pub(crate) fn all_sessions(&self) -> Option<HttpsUrl> {
        let people = self.admission.as_ref().map(|admission| &admission.people);
        let people = people.filter(|people| !people.is_empty());
        let scope = people.map(|people| Scope::People(people.clone()));
        self.admit(self.pages.sessions.clone()?, scope)
    }

    /// The page with what opens this much of it; `None` if that cannot be signed.
    fn admit(&self, page: HttpsUrl, scope: Option<Scope>) -> Option<HttpsUrl> {
        let (Some(admission), Some(scope)) = (&self.admission, scope) else {
            return Some(page);
        };
        let link = ViewingLink::of(&admission.connection, scope);
        let key = link.sign(&admission.signer, admission.now).ok()?;
        Some(page.with_parameter(viewing::PARAMETER, &key))
    }

    /// Where an admin connects a workspace.
    pub(crate) fn install(&self) -> Option<HttpsUrl> {
        self.pages.install.clone()
    }

    /// Where an admin sees to the connection.
    pub(crate) fn settings(&self) -> Option<HttpsUrl> {
        self.pages.settings.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::testing::{connection, moment};

    fn recording(template: Option<&str>) -> String {
        let mut connection = connection();
        connection.preferences.player_url_template =
            template.map(|template| PlayerUrlTemplate::parse(template).unwrap());
        let host = HttpsUrl::parse("https://app.example.com/recapt/").unwrap();
        let links = Links::new(Pages::on(&host));
        let frame = Frame::new(&connection, links, moment("2026-11-20T12:00:00Z"));
        frame
            .links
            .recording(&SessionId::parse("s:1.a").unwrap(), 65)
            .unwrap()
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
    fn a_link_opens_its_session_alone_and_that_to_all_sessions_those_of_the_panels_people() {
        let now = moment("2026-11-20T12:00:00Z");
        let (signer, connection) = (Signer::new([7; 32]), connection());
        let host = HttpsUrl::parse("https://app.example.com").unwrap();
        let links = Links::new(Pages::on(&host)).admitting(&connection, signer.clone(), now);
        let everybody = links.all_sessions().unwrap();
        assert_eq!(everybody.as_str(), "https://app.example.com/sessions");
        let many = |n| PersonId::parse(&format!("p_{n:032}")).unwrap();
        let people: Vec<_> = (0..identity::cluster::MAX_PEOPLE).map(many).collect();
        let links = links.in_panel_of(&people);
        let session = SessionId::parse("s1").unwrap();
        let recording = links.recording(&session, 65).unwrap();
        let all = links.all_sessions().unwrap();
        assert!(HttpsUrl::parse(all.as_str()).is_ok(), "short enough");
        for (url, page, scope) in [
            (
                recording,
                "https://app.example.com/sessions/s1?t=65&key=",
                Scope::Session(session),
            ),
            (
                all,
                "https://app.example.com/sessions?key=",
                Scope::People(people),
            ),
        ] {
            let key = url.as_str().strip_prefix(page).unwrap();
            let (opened, _) = ViewingLink::open(&signer, key, now).unwrap();
            assert_eq!(opened, ViewingLink::of(&connection, scope));
        }
    }

    #[test]
    fn a_template_that_becomes_too_long_an_address_is_passed_over() {
        let often = format!(
            "https://play.example/{}{}",
            "{session_id}",
            "{seconds}".repeat(110)
        );
        let seconds = u64::MAX;
        let mut connection = connection();
        connection.preferences.player_url_template = PlayerUrlTemplate::parse(&often).ok();
        let host = HttpsUrl::parse("https://app.example.com").unwrap();
        let frame = Frame::new(
            &connection,
            Links::new(Pages::on(&host)),
            moment("2026-11-20T12:00:00Z"),
        );
        let session = SessionId::parse("s1").unwrap();
        let url = frame.links.recording(&session, seconds).unwrap();
        assert_eq!(
            url.as_str(),
            format!("https://app.example.com/sessions/s1?t={seconds}")
        );
    }

    #[test]
    fn an_unknown_time_zone_becomes_utc() {
        for (name, offset) in [("America/New_York", -5), ("Mars/Olympus", 0), ("", 0)] {
            let connection = store::Connection {
                timezone: store::WorkspaceTimeZone::of(name),
                ..connection()
            };
            let links = Links::new(Pages::on(
                &HttpsUrl::parse("https://app.example.com").unwrap(),
            ));
            let now = moment("2026-11-20T12:00:00Z");
            let frame = Frame::new(&connection, links, now);
            assert_eq!(
                frame.timezone.to_offset(now).seconds(),
                offset * 3_600,
                "{name}"
            );
        }
    }

    #[test]
    fn pages_that_are_not_there_are_not_linked_to() {
        let links = Links::new(Pages::default());
        let session = SessionId::parse("s-1").unwrap();
        assert_eq!(links.recording(&session, 0), None);
        assert_eq!(links.all_sessions(), None);
        assert_eq!((links.install(), links.settings()), (None, None));
    }
}
