//! `GET /conversations/{id}`: what was said, and the recording in which it began.

use identity::{Alias, ContactId};
use intercom::Region;
use intercom::links::Linked;
use jiff::SignedDuration;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use mirror::{Contact, Conversation, Part, WorkspaceMirror};
use pages::html::Page;
use pages::navigation::Section;
use pages::sign_in::SignedIn;
use store::{ContactQuery, ContactRole};

use crate::company::named;
use crate::context::PageContext;
use crate::error::{Error, Thing};
use crate::view::{ACCOUNT_STYLES, ConversationPage, STYLES};

/// A conversation belongs to the session that was going on when it began, or had just ended.
const JUST_ENDED: SignedDuration = SignedDuration::from_mins(30);

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
    let mut people = Vec::new();
    for contact in conversation.contacts.iter().take(MAX_PEOPLE) {
        people.extend(mirror.contacts().get(contact, now).await?);
    }
    let assignee = conversation.admin_assignee_id.as_ref().and_then(|id| {
        let found = admins.iter().find(|admin| admin.id == *id)?;
        Some(found.name.clone())
    });
    let region = Region::parse(admin.connection.region.as_str());
    let workspace = admin.connection.workspace.as_str();
    let linked = Linked::Conversation(&conversation.id);
    let link = context.state.hosts.link(region, workspace, linked);
    let shown = Shown {
        began_in: began_in(context, admin, &mirror, &conversation).await?,
        tags: named(&conversation.tags, &tags),
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
    mirror: &WorkspaceMirror<'_>,
    conversation: &Conversation,
) -> Result<Option<BeganIn>, Error> {
    let Some(began) = conversation.created_at else {
        return Ok(None);
    };
    let store = &context.state.store;
    for contact in conversation.contacts.iter().take(MAX_PEOPLE) {
        let Ok(id) = ContactId::parse(contact) else {
            continue;
        };
        let known = mirror.contacts().get(contact, context.now).await?;
        let query = ContactQuery {
            contact: Some(id),
            role: known.as_ref().map(|contact| match contact.is_user {
                true => ContactRole::User,
                false => ContactRole::Lead,
            }),
            aliases: known.as_ref().map(aliases).unwrap_or_default(),
            conversation: None,
        };
        let workspace = &admin.connection.workspace;
        let found = store.find_contact(workspace, &query).await?;
        // Intercom counts seconds: a session of that very second had begun.
        let until = began + SignedDuration::from_secs(1);
        let sessions = store.of(&admin.sign_in.organization).sessions();
        let last = sessions
            .last_before(&found.people(), until, context.now)
            .await?;
        let going_on = last.filter(|row| began <= row.summary.ended_at + JUST_ENDED);
        if let Some(row) = going_on {
            let into = began.duration_since(row.summary.started_at);
            return Ok(Some(BeganIn {
                session: row.session_id.as_str().to_owned(),
                at_ms: u64::try_from(into.as_millis()).unwrap_or(0),
                story: row.summary.story,
            }));
        }
    }
    Ok(None)
}

/// What else a contact is known by, surest first.
fn aliases(contact: &Contact) -> Vec<Alias> {
    let id = contact.external_id.as_deref();
    let id = id.and_then(|id| match contact.is_user {
        true => Alias::user_id(id).ok(),
        false => Alias::visitor_id(id).ok(),
    });
    let email = contact.email.as_deref();
    let email = email.and_then(|email| Alias::email(email).ok());
    id.into_iter().chain(email).collect()
}
