//! Decides who may look, in one place. All later code takes the [`Viewer`], and can reach no organization but
//! the viewer's.
//!
//! | way in | sees | changes | reads |
//! |---|---|---|---|
//! | `?share=…`: a share link's row | one recording | nothing | 1 row, and 1 write for the page: the opening is counted |
//! | `?key=…`: a [`ViewingLink`] of the canvas | one recording, or all of an organization | makes share links | none |
//! | the cookie of a sign-in | all of the organization | erases, makes share links | 1 row, the connection |

use identity::{OrganizationId, SessionId};
use pages::share_token;
use pages::sign_in::{SignIn, SignedIn};
use pages::viewing::{self, ViewingLink};
use tracing::Span;

use crate::context::PageContext;
use crate::error::Error;
use crate::route::Route;
use crate::share_link::{self, OpenedShareLink};

/// Somebody who may look at what they ask for.
pub(crate) enum Viewer {
    /// An admin who is signed in.
    Admin(Box<SignedIn>),
    /// Whoever has a link of the canvas.
    Link {
        link: ViewingLink,
        /// The link's text, for the links of the page.
        key: String,
    },
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

    async fn find(context: &PageContext<'_>, route: &Route) -> Result<Option<Self>, Error> {
        if let Some(viewer) = Self::by_key(context).filter(|viewer| viewer.may_see(route)) {
            return Ok(Some(viewer));
        }
        let shared = share_link::of_request(context, route).await?;
        let shared = shared.map(|shared| Self::Share(Box::new(shared)));
        if let Some(viewer) = shared.filter(|viewer| viewer.may_see(route)) {
            return Ok(Some(viewer));
        }
        Self::admin(context).await
    }

    fn by_key(context: &PageContext<'_>) -> Option<Self> {
        let key = context.parameter(viewing::PARAMETER)?;
        let link = ViewingLink::open(&context.signer, &key, context.now)?;
        Some(Self::Link { link, key })
    }

    async fn admin(context: &PageContext<'_>) -> Result<Option<Self>, Error> {
        let Some(sign_in) = SignIn::of_request(context.headers(), &context.signer, context.now)
        else {
            return Ok(None);
        };
        let admin = SignedIn::by(sign_in, context.store()).await?;
        Ok(admin.map(|admin| Self::Admin(Box::new(admin))))
    }

    fn may_see(&self, route: &Route) -> bool {
        match (self, route.session()) {
            (Self::Admin(_), _) => true,
            (Self::Link { link, .. }, Some(session)) => link.shows(session),
            (Self::Link { link, .. }, None) => {
                link.session.is_none() && !matches!(route, Route::Erase(_))
            }
            (Self::Share(share), Some(session)) => {
                share.link.session == *session && !matches!(route, Route::Share(_))
            }
            (Self::Share(_), None) => false,
        }
    }

    /// Whose recordings they see.
    pub(crate) fn organization(&self) -> &OrganizationId {
        match self {
            Self::Admin(admin) => &admin.sign_in.organization,
            Self::Link { link, .. } => &link.organization,
            Self::Share(share) => &share.link.organization,
        }
    }

    /// Whether they may see the list, people, and every recording.
    pub(crate) fn sees_all(&self) -> bool {
        self.may_see(&Route::List)
    }

    /// Whether they may make a share link to this recording.
    pub(crate) fn may_share(&self, session: &SessionId) -> bool {
        self.may_see(&Route::Share(session.clone()))
    }

    /// The admin who they are, if they are one.
    pub(crate) fn as_admin(&self) -> Option<&SignedIn> {
        match self {
            Self::Admin(admin) => Some(admin),
            _ => None,
        }
    }

    /// What links of the page need so that they open for them as well.
    pub(crate) fn admission(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Admin(_) => None,
            Self::Link { key, .. } => Some((viewing::PARAMETER, key)),
            Self::Share(share) => Some((share_token::PARAMETER, &share.token)),
        }
    }
}
