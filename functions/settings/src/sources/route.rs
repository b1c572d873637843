//! What a request below the page of sources asks for.

use identity::SourceId;
use lambda_http::Request;
use lambda_http::http::Method;
use outbox::{DeliveryCursor, Outcome};
use url::form_urlencoded;

use super::notice::Notice;
use crate::Error;

/// The page of all sources; each has its own below.
pub(crate) const PAGE: &str = "/settings/sources";

/// A request, parsed as far as that takes no sign-in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    List {
        notice: Option<Notice>,
    },
    One {
        id: SourceId,
        notice: Option<Notice>,
        query: LogQuery,
    },
    Log {
        id: SourceId,
        query: LogQuery,
    },
    Action(Action),
}

/// What can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Settings(SourceId),
    Key(SourceId),
    Resend(SourceId),
    Delete(SourceId),
}

/// Which deliveries are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LogQuery {
    pub(crate) outcome: Option<Outcome>,
    /// From there on; `None`: the latest.
    pub(crate) cursor: Option<DeliveryCursor>,
}

impl Action {
    /// What tokens of its forms are for.
    pub(super) fn purpose(&self) -> &'static str {
        match self {
            Self::Create => "source-create",
            Self::Settings(_) => "source-settings",
            Self::Key(_) => "source-key",
            Self::Resend(_) => "source-resend",
            Self::Delete(_) => "source-delete",
        }
    }

    /// Where its form is sent.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Create => format!("{PAGE}/create"),
            Self::Settings(id) => format!("{PAGE}/{id}/settings"),
            Self::Key(id) => format!("{PAGE}/{id}/key"),
            Self::Resend(id) => format!("{PAGE}/{id}/resend"),
            Self::Delete(id) => format!("{PAGE}/{id}/delete"),
        }
    }
}

impl Route {
    /// Reads what stands below [`PAGE`].
    ///
    /// # Errors
    /// A page for a path that is none of ours, or for another method than it takes.
    pub(crate) fn parse(below: &str, request: &Request) -> Result<Self, Error> {
        let segments: Vec<&str> = below.split('/').collect();
        let id = |text: &str| SourceId::parse(text).map_err(|_| Error::NotFound);
        let (is_get, is_post) = (
            request.method() == Method::GET,
            request.method() == Method::POST,
        );
        // Somebody reloads what an action answered, or follows a bookmark to it.
        let route = match (&segments[..], is_get, is_post) {
            ([""], true, _) | (["", "create"], true, _) => Self::List {
                notice: notice(request),
            },
            (["", "create"], _, true) => Self::Action(Action::Create),
            (["", source], true, _)
            | (["", source, "settings" | "key" | "resend" | "delete"], true, _) => Self::One {
                id: id(source)?,
                notice: notice(request),
                query: LogQuery::of(request),
            },
            (["", source, "log"], true, _) => Self::Log {
                id: id(source)?,
                query: LogQuery::of(request),
            },
            (["", source, "settings"], _, true) => Self::Action(Action::Settings(id(source)?)),
            (["", source, "key"], _, true) => Self::Action(Action::Key(id(source)?)),
            (["", source, "resend"], _, true) => Self::Action(Action::Resend(id(source)?)),
            (["", source, "delete"], _, true) => Self::Action(Action::Delete(id(source)?)),
            ([""] | ["", _] | ["", _, "log" | "settings" | "key" | "resend" | "delete"], _, _) => {
                return Err(Error::WrongMethod);
            }
            _ => return Err(Error::NotFound),
        };
        Ok(route)
    }
}

impl LogQuery {
    /// What it does not know it passes over.
    fn of(request: &Request) -> Self {
        let outcome = parameter(request, "outcome");
        let cursor = parameter(request, "cursor");
        Self {
            outcome: outcome.and_then(|name| Outcome::from_name(&name)),
            cursor: cursor.and_then(|text| DeliveryCursor::parse(&text)),
        }
    }

    /// The same as it stands in an address, with its question mark.
    pub(super) fn to_text(&self) -> String {
        let outcome = self.outcome.map(|outcome| outcome.as_str().to_owned());
        let cursor = self.cursor.as_ref().map(DeliveryCursor::to_text);
        let pairs = [("outcome", outcome), ("cursor", cursor)];
        let pairs = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(pairs);
        match text.finish() {
            empty if empty.is_empty() => empty,
            query => format!("?{query}"),
        }
    }
}

fn notice(request: &Request) -> Option<Notice> {
    parameter(request, "done").and_then(|word| Notice::parse(&word))
}

fn parameter(request: &Request, wanted: &str) -> Option<String> {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
}

#[cfg(test)]
mod tests {
    use lambda_http::Body;

    use super::*;

    fn route(method: Method, below: &str) -> Result<Route, Error> {
        let request = lambda_http::http::Request::builder()
            .method(method)
            .uri(format!("{PAGE}{below}"));
        let path = below.split('?').next().unwrap();
        Route::parse(path, &request.body(Body::Empty).unwrap())
    }

    #[test]
    fn every_action_is_found_at_its_own_path() {
        let id = || SourceId::parse("src_1").unwrap();
        for action in [
            Action::Create,
            Action::Settings(id()),
            Action::Key(id()),
            Action::Resend(id()),
            Action::Delete(id()),
        ] {
            let below = action.path().replace(PAGE, "");
            let found = route(Method::POST, &below).unwrap();
            assert_eq!(found, Route::Action(action));
            assert!(route(Method::GET, &below).is_ok(), "{below} reloaded");
        }
    }

    #[test]
    fn other_paths_and_methods_are_refused() {
        for (method, below, is_there) in [
            (Method::POST, "", true),
            (Method::PUT, "/src_1", true),
            (Method::POST, "/src_1/log", true),
            (Method::GET, "s", false),
            (Method::GET, "/a%20b", false),
            (Method::GET, "/src_1/other", false),
            (Method::GET, "/src_1/log/more", false),
        ] {
            let error = route(method, below).unwrap_err();
            assert_eq!(matches!(error, Error::WrongMethod), is_there, "{below}");
        }
    }

    #[test]
    fn a_query_that_says_nothing_is_passed_over() {
        let Route::Log { query, .. } = route(Method::GET, "/s/log?outcome=lost&cursor=x").unwrap()
        else {
            panic!("it is the log");
        };
        assert_eq!(query, LogQuery::default());
        assert_eq!(query.to_text(), "");
        let failed = LogQuery {
            outcome: Some(Outcome::Failed),
            cursor: None,
        };
        assert_eq!(failed.to_text(), "?outcome=failed");
    }
}
