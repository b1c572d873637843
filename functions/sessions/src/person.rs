//! `GET /people/{id}`: who somebody is, what they did, and what they wrote.
//!
//! The id is that of somebody who was recorded, or Intercom's of a contact. Whoever has a link of the panel
//! sees names and recordings; what Intercom has, and where else it leads, only an admin sees.

use identity::{OrganizationId, PersonId};
use intercom::Region;
use intercom::links::Linked;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use mirror::{Company, Contact, Named, WorkspaceMirror};
use pages::html::Page;
use pages::sign_in::SignedIn;
use person::{Directory, Known, KnownAlias, Whom};
use store::{ListCursor, SessionFilter, SessionListPage};

use crate::access::Viewer;
use crate::context::PageContext;
use crate::error::Error;
use crate::history::History;
use crate::view::{LIST_STYLES, PersonPage, navigation_below};
use crate::viewing_link::OpenedViewingLink;

/// Sessions on one page.
const SESSIONS_PER_PAGE: usize = 25;

/// Most companies of somebody that are shown. Intercom allows a thousand; hardly anybody has more than a few.
const MAX_COMPANIES: usize = 50;

/// What a page shows of somebody.
pub(crate) struct Shown {
    pub(crate) known: Known,
    /// What Intercom has of the contact that they are for certain.
    pub(crate) account: Option<Account>,
    pub(crate) history: History,
}

/// What Intercom has of a contact, with its words.
pub(crate) struct Account {
    pub(crate) companies: Vec<Company>,
    pub(crate) tags: Vec<String>,
    pub(crate) segments: Vec<String>,
    /// Where teammates see the contact.
    pub(crate) link: String,
}

/// The page. Reads the people linked with the person, then each one's latest sessions, whose rows hold their
/// aliases, then the sessions of this page: one query for each of the people, and two batches. For an admin
/// also the contact that the names lead to, its companies, and two queries of its history.
pub(crate) async fn show(
    context: &PageContext<'_>,
    viewer: &Viewer,
    person: &PersonId,
) -> Result<Response<Body>, Error> {
    let shown = match (viewer.as_admin(), viewer.as_link()) {
        (Some(admin), _) => to_admin(context, admin, person).await?,
        (None, Some(opened)) => by_link(context, opened, person).await?,
        (None, None) => return Err(Error::NotFound),
    };
    let page = PersonPage::new(context, viewer, person, &shown);
    let response = Page::new(StatusCode::OK, "Person")
        .navigation(navigation_below(context, viewer))
        .styles(LIST_STYLES);
    Ok(response.response(&page))
}

async fn by_link(
    context: &PageContext<'_>,
    opened: &OpenedViewingLink,
    person: &PersonId,
) -> Result<Shown, Error> {
    let store = context.store().of(&opened.link.organization);
    let profile = store.people().profile(person, context.now).await?;
    let profile = profile.ok_or(Error::NotFound)?;
    let people = profile.people.iter();
    let people = people.filter(|person| opened.people().contains(person));
    let known = Known {
        people: people.cloned().collect(),
        is_ambiguous: profile.conflict.is_some(),
        aliases: profile.aliases.into_iter().map(KnownAlias::from).collect(),
        ..Known::default()
    };
    let list = sessions(context, &opened.link.organization, &known).await?;
    Ok(Shown {
        history: History::of_sessions(list),
        account: None,
        known,
    })
}

async fn to_admin(
    context: &PageContext<'_>,
    admin: &SignedIn,
    person: &PersonId,
) -> Result<Shown, Error> {
    let mirror = &context.state.mirror;
    let directory = Directory {
        store: context.store(),
        mirror,
        connection: &admin.connection,
        now: context.now,
    };
    let known = directory.find(Whom::Person(person)).await?;
    let known = known.ok_or(Error::NotFound)?;
    let organization = &admin.sign_in.organization;
    let list = sessions(context, organization, &known).await?;
    // A claim leads to a contact, and not to what that contact wrote.
    let contact = known.contact.as_ref().filter(|_| !known.is_contact_claimed);
    let Some(contact) = contact else {
        return Ok(Shown {
            history: History::of_sessions(list),
            account: None,
            known,
        });
    };
    let mirror = mirror.of(organization, &admin.connection.workspace);
    let before = before(context);
    let whose = (&mirror, &*contact.id);
    let history = History::of_contact(list, whose, before.as_ref(), context.now).await?;
    let account = account(context, admin, &mirror, contact).await?;
    Ok(Shown {
        history,
        account: Some(account),
        known,
    })
}

async fn account(
    context: &PageContext<'_>,
    admin: &SignedIn,
    mirror: &WorkspaceMirror<'_>,
    contact: &Contact,
) -> Result<Account, Error> {
    let now = context.now;
    let mut companies = mirror.memberships().companies_of(&contact.id, now).await?;
    companies.truncate(MAX_COMPANIES);
    let companies = mirror.companies().get_all(&companies, now).await?;
    let tags = mirror.vocabulary().tags(now).await?;
    let segments = mirror.vocabulary().segments(now).await?;
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    let region = Region::parse(admin.connection.region.as_str());
    let workspace = admin.connection.workspace.as_str();
    let linked = Linked::Contact(&contact.id);
    Ok(Account {
        companies,
        tags: owned(Named::names(&contact.tags, &tags)),
        segments: owned(Named::names(&contact.segments, &segments)),
        link: context
            .state
            .hosts
            .link(region, workspace, linked)
            .to_string(),
    })
}

/// Where the page begins, if it is not the first.
fn before(context: &PageContext<'_>) -> Option<ListCursor> {
    ListCursor::parse(&context.parameter("before")?).ok()
}

async fn sessions(
    context: &PageContext<'_>,
    organization: &OrganizationId,
    known: &Known,
) -> Result<SessionListPage, Error> {
    let everybody = known.people.iter().chain(&known.claimed);
    let filter = SessionFilter {
        people: Some(everybody.cloned().collect()),
        ..SessionFilter::default()
    };
    let sessions = context.store().of(organization).sessions();
    let before = before(context);
    let list = sessions.list(&filter, before.as_ref(), SESSIONS_PER_PAGE, context.now);
    Ok(list.await?)
}
