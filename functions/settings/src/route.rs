//! What a request asks for.

use lambda_http::Request;
use lambda_http::http::Method;
use platform::edge;
use url::form_urlencoded;

use crate::Error;
use crate::notice::Notice;
use crate::sources;

pub(crate) use pages::navigation::SETTINGS as PAGE;
use pages::navigation::SIGN_OUT;

/// Below the page: whether a session has arrived.
const FIRST_SESSION: &str = "/first-session";

/// Where the page's script asks whether a session has arrived.
pub(crate) fn first_session() -> String {
    format!("{PAGE}{FIRST_SESSION}")
}

/// A request, parsed as far as that takes no sign-in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Page { notice: Option<Notice> },
    Handover { token: String },
    FirstSession,
    Action(Action),
    Sources(sources::Route),
}

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Our access is revoked.
    Disconnect,
    /// An admin authorizes again.
    Reconnect,
    /// What teammates see, and how long sessions are kept.
    Preferences,
    /// A key is made or replaced.
    Keys,
    /// What visitors' names are signed with is changed.
    Identity,
    /// Notifications are sent again.
    Parked,
    /// A link to a recording is ended.
    ShareLinks,
    /// Another sign-in takes the place of this one.
    Switch,
    /// This sign-in is ended, or all of them.
    SignOut,
}

impl Action {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 9] = [
        Self::Disconnect,
        Self::Reconnect,
        Self::Preferences,
        Self::Keys,
        Self::Identity,
        Self::Parked,
        Self::ShareLinks,
        Self::Switch,
        Self::SignOut,
    ];

    /// Its path segment, and what tokens of its forms are for.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Disconnect => "disconnect",
            Self::Reconnect => "reconnect",
            Self::Preferences => "preferences",
            Self::Keys => "keys",
            Self::Identity => "identity",
            Self::Parked => "parked",
            Self::ShareLinks => "share-links",
            Self::Switch => "switch",
            Self::SignOut => SIGN_OUT,
        }
    }

    /// Where its form is sent.
    #[must_use]
    pub fn path(self) -> String {
        format!("{PAGE}/{}", self.name())
    }
}

impl Route {
    /// # Errors
    /// A page for a path that is none of ours, or for another method than it takes.
    pub(crate) fn parse(request: &Request) -> Result<Self, Error> {
        let path = request.uri().path();
        if let Some(below) = path.strip_prefix(sources::PAGE) {
            return sources::Route::parse(below, request).map(Self::Sources);
        }
        let below = path.strip_prefix(PAGE).ok_or(Error::NotFound)?;
        match below {
            "" if request.method() == Method::GET => Ok(Self::page(request)),
            "" => Err(Error::WrongMethod),
            FIRST_SESSION if request.method() == Method::GET => Ok(Self::FirstSession),
            segment => {
                let named = |action: &Action| segment.strip_prefix('/') == Some(action.name());
                let action = Action::ALL.into_iter().find(named).ok_or(Error::NotFound)?;
                match *request.method() {
                    Method::POST => Ok(Self::Action(action)),
                    // Somebody reloads what an action answered, or follows a bookmark to it.
                    Method::GET => Ok(Self::Page { notice: None }),
                    _ => Err(Error::WrongMethod),
                }
            }
        }
    }

    fn page(request: &Request) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let parameter = |wanted| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find_map(|(name, value)| (name == wanted).then_some(value))
        };
        match parameter("handover") {
            // Scanners of mail ask what is behind a link, and one of these is good once.
            Some(token) if !edge::is_head(request) => Self::Handover {
                token: token.into_owned(),
            },
            _ => Self::Page {
                notice: parameter("done").and_then(|word| Notice::parse(&word)),
            },
        }
    }
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
    fn every_action_is_found_at_its_own_path() {
        for action in Action::ALL {
            assert_eq!(
                route(Method::POST, &action.path()).unwrap(),
                Route::Action(action)
            );
            assert_eq!(
                route(Method::GET, &action.path()).unwrap(),
                Route::Page { notice: None }
            );
        }
    }

    #[test]
    fn a_handover_is_taken_by_get_and_not_by_head() {
        let target = format!("{PAGE}?handover=abc");
        let token = "abc".to_owned();
        assert_eq!(
            route(Method::GET, &target).unwrap(),
            Route::Handover { token }
        );
        let mut seen = None;
        let head = lambda_http::http::Request::head(&target).body(Body::Empty);
        drop(edge::answer(head.unwrap(), |request| {
            seen = Route::parse(&request).ok();
            std::future::ready(lambda_http::Response::new(Body::Empty))
        }));
        assert_eq!(seen, Some(Route::Page { notice: None }));
    }

    #[test]
    fn other_paths_and_methods_are_refused() {
        for path in ["/", "/settings", &format!("{PAGE}x"), &format!("{PAGE}/x")] {
            let error = route(Method::GET, path).unwrap_err();
            assert!(matches!(error, Error::NotFound), "{path}");
        }
        for (method, path) in [
            (Method::POST, PAGE.to_owned()),
            (Method::DELETE, PAGE.to_owned()),
            (Method::PUT, Action::Keys.path()),
        ] {
            let error = route(method, &path).unwrap_err();
            assert!(matches!(error, Error::WrongMethod), "{path}");
        }
    }
}
