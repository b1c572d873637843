//! What a request asks for.

use identity::{PersonId, SessionId};
use lambda_http::Request;
use lambda_http::http::Method;
use pages::cookie::Reach;

use crate::error::Error;

/// Everything that is answered, by method and path. A name in braces stands for what is looked at.
pub const ROUTES: [(&str, &str); 10] = [
    ("GET", "/sessions"),
    ("GET", "/sessions/{session}"),
    ("GET", "/sessions/{session}/recording"),
    ("GET", "/sessions/{session}/events/{seq}/{part}"),
    ("GET", "/sessions/{session}/timeline"),
    ("GET", "/sessions/{session}/log"),
    ("POST", "/sessions/{session}/share"),
    ("GET", "/people/{person}"),
    ("POST", "/people/{person}/erase"),
    ("GET", "/sessions/assets/{file}"),
];

/// A request, parsed as far as it needs to know nobody.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// All sessions of the organization.
    List,
    /// One person's history.
    Person(PersonId),
    /// Everything about a person is to be erased.
    Erase(PersonId),
    /// One recording.
    Recording(SessionId),
    /// A link to one recording for whoever has no access of their own.
    Share(SessionId),
    /// What a player needs to know of a recording.
    Index(SessionId),
    /// Some of its events.
    Events(PieceName),
    /// All that happened in it.
    Timeline(SessionId),
    /// What the recorded page logged and asked for.
    Log(SessionId),
    /// A file of the page that plays recordings.
    Asset(String),
}

/// A part of a chunk of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PieceName {
    pub(crate) session: SessionId,
    pub(crate) seq: u32,
    pub(crate) part: usize,
}

impl Route {
    /// # Errors
    /// For a path that is none of ours, or another method than it takes.
    pub(crate) fn parse(request: &Request) -> Result<Self, Error> {
        let segments: Vec<&str> = request.uri().path().split('/').skip(1).collect();
        let (route, method) = match segments[..] {
            ["sessions"] => (Self::List, Method::GET),
            ["sessions", "assets", file] => (Self::Asset(file.to_owned()), Method::GET),
            ["sessions", id] => (Self::Recording(session(id)?), Method::GET),
            ["sessions", id, "share"] => (Self::Share(session(id)?), Method::POST),
            ["sessions", id, "recording"] => (Self::Index(session(id)?), Method::GET),
            ["sessions", id, "timeline"] => (Self::Timeline(session(id)?), Method::GET),
            ["sessions", id, "log"] => (Self::Log(session(id)?), Method::GET),
            ["sessions", id, "events", seq, part] => {
                let piece = PieceName {
                    session: session(id)?,
                    seq: seq.parse().map_err(|_| Error::NotFound)?,
                    part: part.parse().map_err(|_| Error::NotFound)?,
                };
                (Self::Events(piece), Method::GET)
            }
            ["people", id] => (Self::Person(person(id)?), Method::GET),
            ["people", id, "erase"] => (Self::Erase(person(id)?), Method::POST),
            _ => return Err(Error::NotFound),
        };
        match *request.method() == method {
            true => Ok(route),
            // Somebody reloads what a form was answered with.
            false if matches!(route, Self::Erase(_)) && request.method() == Method::GET => {
                Ok(Self::Person(person(segments[1])?))
            }
            false => Err(Error::WrongMethod),
        }
    }

    /// The one recording that it is about, if it is.
    pub(crate) fn session(&self) -> Option<&SessionId> {
        match self {
            Self::Recording(session)
            | Self::Share(session)
            | Self::Index(session)
            | Self::Timeline(session)
            | Self::Log(session) => Some(session),
            Self::Events(piece) => Some(&piece.session),
            Self::List | Self::Person(_) | Self::Erase(_) | Self::Asset(_) => None,
        }
    }

    /// Where its page is: for what belongs to a page, that page.
    pub(crate) fn path(&self) -> String {
        match (self, self.session()) {
            (_, Some(session)) => format!("/sessions/{session}"),
            (Self::Person(person) | Self::Erase(person), None) => format!("/people/{person}"),
            (_, None) => "/sessions".to_owned(),
        }
    }

    /// Which pages get what opens this one: itself, and what belongs to it.
    pub(crate) fn reach(&self) -> Reach {
        Reach::Path(self.path().into())
    }

    /// Whether it is a page that somebody opens, which may have what opens it in its address.
    pub(crate) fn is_page(&self) -> bool {
        matches!(self, Self::List | Self::Person(_) | Self::Recording(_))
    }

    /// Whether it is a script that asks, and not somebody.
    pub(crate) fn is_data(&self) -> bool {
        matches!(
            self,
            Self::Share(_) | Self::Index(_) | Self::Events(_) | Self::Timeline(_) | Self::Log(_)
        )
    }
}

fn session(id: &str) -> Result<SessionId, Error> {
    SessionId::parse(id).map_err(|_| Error::NotFound)
}

fn person(id: &str) -> Result<PersonId, Error> {
    PersonId::parse(id).map_err(|_| Error::NotFound)
}

#[cfg(test)]
mod tests {
    use lambda_http::Body;

    use super::*;

    fn route(method: Method, target: &str) -> Result<Route, Error> {
        let request = lambda_http::http::Request::builder()
            .method(method)
            .uri(target);
        Route::parse(&request.body(Body::Empty).unwrap())
    }

    #[test]
    fn every_address_is_told_from_the_others() {
        let session = SessionId::parse("s:1.a").unwrap();
        let person = PersonId::parse("p_1").unwrap();
        let piece = PieceName {
            session: session.clone(),
            seq: 7,
            part: 1,
        };
        for (method, target, expected) in [
            (Method::GET, "/sessions?page=x", Route::List),
            (
                Method::GET,
                "/sessions/s:1.a?t=3",
                Route::Recording(session.clone()),
            ),
            (
                Method::POST,
                "/sessions/s:1.a/share",
                Route::Share(session.clone()),
            ),
            (
                Method::GET,
                "/sessions/s:1.a/recording",
                Route::Index(session.clone()),
            ),
            (
                Method::GET,
                "/sessions/s:1.a/timeline",
                Route::Timeline(session.clone()),
            ),
            (
                Method::GET,
                "/sessions/s:1.a/log?from=3",
                Route::Log(session),
            ),
            (
                Method::GET,
                "/sessions/s:1.a/events/7/1",
                Route::Events(piece),
            ),
            (
                Method::GET,
                "/sessions/assets/a.js",
                Route::Asset("a.js".to_owned()),
            ),
            (Method::GET, "/people/p_1", Route::Person(person.clone())),
            (
                Method::POST,
                "/people/p_1/erase",
                Route::Erase(person.clone()),
            ),
            (Method::GET, "/people/p_1/erase", Route::Person(person)),
        ] {
            assert_eq!(route(method, target).unwrap(), expected, "{target}");
        }
    }

    #[test]
    fn every_route_that_is_listed_is_answered_and_no_two_are_the_same() {
        let routes = ROUTES.map(|(method, path)| {
            let path = path.replace("{seq}", "0").replace("{part}", "0");
            let target = path.replace(['{', '}'], "");
            let route = route(method.parse().unwrap(), &target).unwrap();
            std::mem::discriminant(&route)
        });
        for (position, one) in routes.iter().enumerate() {
            assert!(!routes[..position].contains(one), "{:?}", ROUTES[position]);
        }
    }

    #[test]
    fn other_paths_and_methods_are_refused() {
        for target in [
            "/",
            "/sessions/a%20b",
            "/sessions/..",
            "/sessions/s/events/x/0",
            "/sessions/s/events/-1/0",
            "/sessions/s/events/4294967296/0",
            "/sessions/s/other",
            "/people",
            "/people/a.b",
        ] {
            let error = route(Method::GET, target).unwrap_err();
            assert!(matches!(error, Error::NotFound), "{target}");
        }
        for (method, target) in [
            (Method::POST, "/sessions"),
            (Method::GET, "/sessions/s/share"),
            (Method::DELETE, "/people/p_1"),
        ] {
            let error = route(method, target).unwrap_err();
            assert!(matches!(error, Error::WrongMethod), "{target}");
        }
    }
}
