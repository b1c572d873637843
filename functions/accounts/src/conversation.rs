//! `GET /conversations/{id}`: what was said, and the recording in which it began.

use identity::ContactId;
use intercom::Region;
use intercom::links::Linked;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use mirror::{Contact, Conversation, Named, Part};
use pages::html::Page;
use pages::navigation::Section;
use pages::sign_in::SignedIn;
use store::{ContactQuery, ContactRole};

use crate::company::owned;
use crate::context::PageContext;
use crate::error::{Error, Thing};
use crate::view::{ACCOUNT_STYLES, ConversationPage, STYLES};

/// Most people of a conversation that are named, and whose sessions are looked for.
const MAX_PEOPLE: usize = 3;

/// What a page shows of a conversation.
pub(crate) struct Shown {
    pub(crate) conversation: Conversation,
    pub(crate) parts: Vec<Part>,
    pub(crate) people: Vec<Contact>,
    pub(crate) tags: Vec<String>,
    /// Whom it is assigned to.
    pub(crate) assignee: Option<String>,
    pub(crate) began_in: Option<BeganIn>,
    pub(crate) intercom: String,
}

/// The session in which a conversation began.
pub(crate) struct BeganIn {
    pub(crate) session: String,
    /// Milliseconds from its start.
    pub(crate) at_ms: u64,
    pub(crate) story: String,
}

/// The page. Reads the conversation, its parts, whoever takes part, and of the first of them who is known for
/// certain the session of that moment.
pub(crate) async fn show(
    context: &PageContext<'_>,
    admin: &SignedIn,
    id: &str,
) -> Result<Response<Body>, Error> {
    let now = context.now;
    let mirror = context.mirror(admin);
    let conversation = mirror.conversations().get(id, now).await?;
    let conversation = conversation.ok_or(Error::NotFound(Thing::Conversation))?;
    let (parts, tags, admins) = tokio::try_join!(
        mirror.conversations().parts(id, now),
        mirror.vocabulary().tags(now),
        mirror.vocabulary().admins(now),
    )?;
    let named = conversation.contacts.iter().take(MAX_PEOPLE).cloned();
    let named: Vec<_> = named.collect();
    let people = mirror.contacts().get_all(&named, now).await?;
    let assignee = conversation.admin_assignee_id.as_ref().and_then(|id| {
        let found = admins.iter().find(|admin| admin.id == *id)?;
        Some(found.name.clone())
    });
    let region = Region::parse(admin.connection.region.as_str());
    let workspace = admin.connection.workspace.as_str();
    let linked = Linked::Conversation(&conversation.id);
    let link = context.state.hosts.link(region, workspace, linked);
    let shown = Shown {
        began_in: began_in(context, admin, &conversation, &people).await?,
        tags: owned(Named::names(&conversation.tags, &tags)),
        conversation,
        parts,
        people,
        assignee,
        intercom: link.to_string(),
    };
    let page = ConversationPage::new(admin, &shown);
    let response = Page::new(StatusCode::OK, "Conversation")
        .navigation(context.navigation_below(admin, Section::Companies))
        .styles(STYLES)
        .styles(ACCOUNT_STYLES);
    Ok(response.response(&page))
}

async fn began_in(
    context: &PageContext<'_>,
    admin: &SignedIn,
    conversation: &Conversation,
    people: &[Contact],
) -> Result<Option<BeganIn>, Error> {
    let Some(began) = conversation.created_at else {
        return Ok(None);
    };
    let asked = conversation.contacts.iter().take(MAX_PEOPLE);
    let asked: Vec<_> = asked.filter_map(|id| query(id, people)).collect();
    let whose = (&admin.sign_in.organization, &admin.connection.workspace);
    let store = &context.state.store;
    let found = store.began_in(whose, &asked, began, context.now).await?;
    Ok(found.map(|row| {
        let into = began.duration_since(row.summary.started_at);
        BeganIn {
            session: row.session_id.as_str().to_owned(),
            at_ms: u64::try_from(into.as_millis()).unwrap_or(0),
            story: row.summary.story,
        }
    }))
}

/// By what a contact's people are looked for.
fn query(id: &str, people: &[Contact]) -> Option<ContactQuery> {
    let known = people.iter().find(|contact| contact.id == id);
    Some(ContactQuery {
        contact: Some(ContactId::parse(id).ok()?),
        role: known.map(|contact| match contact.is_user {
            true => ContactRole::User,
            false => ContactRole::Lead,
        }),
        aliases: known.map(Contact::aliases).unwrap_or_default(),
        conversation: None,
    })
}
