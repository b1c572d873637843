//! Links that the canvas hands to teammates.

use identity::{PersonId, SessionId};
use jiff::Timestamp;
use pages::viewing::{Scope, ViewingLink};
use store::Connection;

use crate::context::PageContext;
use crate::error::Error;
use crate::route::Route;

/// A link that is good.
pub(crate) struct OpenedViewingLink {
    pub(crate) link: ViewingLink,
    /// When it ends.
    pub(crate) until: Timestamp,
    /// Its text.
    pub(crate) key: String,
    /// The connection that it was handed out for.
    pub(crate) connection: Connection,
}

/// The link with this text, if it opens what is asked for. A forged one costs no read.
pub(crate) async fn open(
    context: &PageContext<'_>,
    route: &Route,
    key: &str,
) -> Result<Option<OpenedViewingLink>, Error> {
    let opened = ViewingLink::open(&context.signer, key, context.now);
    let Some((link, until)) = opened.filter(|(link, _)| shows(&link.scope, route)) else {
        return Ok(None);
    };
    let connections = context.store().connections();
    let connection = connections.get(&link.workspace).await?;
    let connection = connection.filter(|connection| link.fits(connection));
    Ok(connection.map(|connection| OpenedViewingLink {
        link,
        until,
        key: key.to_owned(),
        connection,
    }))
}

impl OpenedViewingLink {
    /// Whose form it is that is sent with this link: another link of the same workspace, followed in another
    /// tab, is as good.
    pub(crate) fn form_of(&self, session: &SessionId) -> String {
        format!(
            "{} {} {session}",
            self.link.workspace, self.link.links_epoch
        )
    }

    /// Whether it opens what is asked for.
    pub(crate) fn shows(&self, route: &Route) -> bool {
        shows(&self.link.scope, route)
    }

    /// The people whose sessions it lists.
    pub(crate) fn people(&self) -> &[PersonId] {
        match &self.link.scope {
            Scope::Session(_) => &[],
            Scope::People(people) => people,
        }
    }
}

fn shows(scope: &Scope, route: &Route) -> bool {
    match (scope, route) {
        (Scope::Session(only), _) => route.session() == Some(only),
        (Scope::People(_), Route::List) => true,
        (Scope::People(people), Route::Person(person)) => people.contains(person),
        (Scope::People(_), _) => false,
    }
}
