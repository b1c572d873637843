//! Decides who may look, in one place. All later code takes the [`Viewer`], and can reach no organization but
//! the viewer's.
//!
//! | way in | sees | changes | reads |
//! |---|---|---|---|
//! | the cookie of a sign-in | all of the organization | erases, makes share links | 1 batch of 2 rows |
//! | a [`ViewingLink`] | one recording, or the list of some people's | makes share links | 1 row |
//! | a share link | one recording | nothing | 2 rows, and 1 write for the page: the opening is counted |
//!
//! Links come as cookies of the very path that they open: [`crate::exchange`] makes these of addresses.

use identity::{OrganizationId, SessionId};
use pages::cookie;
use pages::share_token::Shown;
use pages::sign_in::{SignIn, SignedIn};
use store::Connection;
use tracing::Span;

use crate::context::PageContext;
use crate::error::Error;
use crate::exchange::{KEY, SHARE};
use crate::route::Route;
use crate::share_link::{self, OpenedShareLink};
use crate::viewing_link::{self, OpenedViewingLink};

/// Somebody who may look at what they ask for.
pub(crate) enum Viewer {
    /// An admin who is signed in.
    Admin(Box<SignedIn>),
    /// Whoever has a link of the canvas.
    Link(Box<OpenedViewingLink>),
    /// Whoever has a share link.
    Share(Box<OpenedShareLink>),
}

impl Viewer {
    /// Whoever sent the request, if they may see what it asks for.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else.
    pub(crate) async fn of(context: &PageContext<'_>, route: &Route) -> Result<Self, Error> {
        let viewer = Self::find(context, route).await?.ok_or(Error::NotFound)?;
        let span = Span::current();
        span.record("organization.id", viewer.organization().as_str());
        if let Some(session) = route.session() {
            span.record("session.id", session.as_str());
        }
        Ok(viewer)
    }

    /// An admin sees more than a link of their own organization shows, so the link gives way.
    async fn find(context: &PageContext<'_>, route: &Route) -> Result<Option<Self>, Error> {
        let admin = Self::admin(context).await?;
        // Nor does a link of another organization stand in the way of what the admin has under this address.
        if let Some(Self::Admin(signed_in)) = &admin {
            let own = &signed_in.sign_in.organization;
            let is_own = match route.session() {
                Some(session) if Self::brings_link(context, route) => {
                    let sessions = context.store().of(own).sessions();
                    sessions.read(session, context.now).await?.is_some()
                }
                _ => true,
            };
            if is_own {
                return Ok(admin);
            }
        }
        let reach = route.reach();
        if let Some(key) = cookie::read(context.headers(), KEY, &reach)
            && let Some(link) = Self::by_key(context, route, key).await?
        {
            return Ok(Some(link));
        }
        if let Some(token) = cookie::read(context.headers(), SHARE, &reach)
            && let Some(link) = Self::by_share_link(context, route, token).await?
        {
            if let Self::Share(link) = &link {
                share_link::count(context, route, link).await?;
            }
            return Ok(Some(link));
        }
        Ok(admin)
    }

    fn brings_link(context: &PageContext<'_>, route: &Route) -> bool {
        let reach = route.reach();
        [KEY, SHARE]
            .iter()
            .any(|name| cookie::read(context.headers(), name, &reach).is_some())
    }

    /// Whoever has this link of the canvas, if it opens what is asked for.
    pub(crate) async fn by_key(
        context: &PageContext<'_>,
        route: &Route,
        key: &str,
    ) -> Result<Option<Self>, Error> {
        let opened = viewing_link::open(context, route, key).await?;
        Ok(opened.map(|opened| Self::Link(Box::new(opened))))
    }

    /// Whoever has this share link, if it opens what is asked for.
    pub(crate) async fn by_share_link(
        context: &PageContext<'_>,
        route: &Route,
        token: &str,
    ) -> Result<Option<Self>, Error> {
        let opened = share_link::open(context, route, token).await?;
        Ok(opened.map(|opened| Self::Share(Box::new(opened))))
    }

    /// Whoever is signed in.
    pub(crate) async fn admin(context: &PageContext<'_>) -> Result<Option<Self>, Error> {
        let Some(sign_in) = SignIn::of_request(context.headers(), &context.signer, context.now)
        else {
            return Ok(None);
        };
        let admin = SignedIn::by(sign_in, context.store()).await?;
        Ok(admin.map(|admin| Self::Admin(Box::new(admin))))
    }

    /// Whose recordings they see.
    pub(crate) fn organization(&self) -> &OrganizationId {
        match self {
            Self::Admin(admin) => &admin.sign_in.organization,
            Self::Link(opened) => &opened.link.organization,
            Self::Share(opened) => &opened.link.organization,
        }
    }

    /// The workspace that lets them in.
    pub(crate) fn connection(&self) -> &Connection {
        match self {
            Self::Admin(admin) => &admin.connection,
            Self::Link(opened) => &opened.connection,
            Self::Share(opened) => &opened.connection,
        }
    }

    /// Whether they may see the list, people, and every recording.
    pub(crate) fn sees_all(&self) -> bool {
        matches!(self, Self::Admin(_))
    }

    /// Whether they are told what the person is called whom they see.
    pub(crate) fn sees_names(&self) -> bool {
        match self {
            Self::Admin(_) | Self::Link(_) => true,
            Self::Share(opened) => opened.token.shown == Shown::Person,
        }
    }

    /// Whether they may make a share link to this recording.
    pub(crate) fn may_share(&self, session: &SessionId) -> bool {
        match self {
            Self::Admin(_) => true,
            Self::Link(opened) => opened.shows(&Route::Share(session.clone())),
            Self::Share(_) => false,
        }
    }

    /// The admin who they are, if they are one.
    pub(crate) fn as_admin(&self) -> Option<&SignedIn> {
        match self {
            Self::Admin(admin) => Some(admin),
            _ => None,
        }
    }

    /// The link of the canvas that they have, if they have one.
    pub(crate) fn as_link(&self) -> Option<&OpenedViewingLink> {
        match self {
            Self::Link(opened) => Some(opened),
            _ => None,
        }
    }
}
