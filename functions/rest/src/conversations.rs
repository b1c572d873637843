//! `GET /v1/conversations?contact_id=&company_id=&updated_since=&limit=&cursor=`: what people wrote.
//! `GET /v1/conversations/{id}`: one of them, with its parts and the session in which it began.

use identity::ContactId;
use intercom::Region;
use intercom::links::Linked;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use mirror::{
    Attachment, Contact, Conversation, ConversationPlace, Moment, MomentKind, Named, Part,
    WorkspaceMirror,
};
use platform::http::{ApiError, json};
use serde::Serialize;
use store::{Connection, ContactQuery, ContactRole, Grant};

use api::Error;

use crate::companies::named;
use crate::listing::{Listed, Listing, bad_cursor};
use crate::{State, workspace};

/// A conversation, as callers see it.
#[derive(Serialize)]
struct PublicConversation<'a> {
    id: &'a str,
    title: Option<&'a str>,
    state: &'static str,
    channel: Option<&'a str>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    contact_ids: &'a [String],
    admin_assignee_id: Option<&'a str>,
    team_assignee_id: Option<&'a str>,
    priority: Option<&'a str>,
    rating: Option<u8>,
    ai_participated: bool,
    ai_resolution: Option<&'a str>,
    used_connector: bool,
}

/// One of them, whole.
#[derive(Serialize)]
struct WholeConversation<'a> {
    #[serde(flatten)]
    conversation: PublicConversation<'a>,
    page_url: Option<&'a str>,
    rating_remark: Option<&'a str>,
    tags: Vec<&'a str>,
    parts: Vec<PublicPart<'a>>,
    /// How many parts Intercom has not given.
    parts_missing: u64,
    session: Option<PublicSession>,
    url: String,
}

/// Something said or done.
#[derive(Serialize)]
struct PublicPart<'a> {
    id: &'a str,
    kind: &'a str,
    body: Option<&'a str>,
    is_cut: bool,
    created_at: Option<Timestamp>,
    author: PublicAuthor<'a>,
    is_note: bool,
    is_redacted: bool,
    attachments: Vec<PublicAttachment<'a>>,
}

#[derive(Serialize)]
struct PublicAuthor<'a> {
    #[serde(rename = "type")]
    side: &'static str,
    id: Option<&'a str>,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct PublicAttachment<'a> {
    name: &'a str,
    content_type: Option<&'a str>,
    size: Option<u64>,
}

/// The session in which it began.
#[derive(Serialize)]
struct PublicSession {
    session_id: String,
    /// Milliseconds from the session's start.
    at_ms: i64,
    started_at: Timestamp,
    story: String,
}

impl<'a> PublicConversation<'a> {
    fn of(conversation: &'a Conversation) -> Self {
        Self {
            id: &conversation.id,
            title: conversation.title.as_deref(),
            state: conversation.state.as_str(),
            channel: conversation.channel.as_deref(),
            created_at: conversation.created_at,
            updated_at: conversation.updated_at,
            contact_ids: &conversation.contacts,
            admin_assignee_id: conversation.admin_assignee_id.as_deref(),
            team_assignee_id: conversation.team_assignee_id.as_deref(),
            priority: conversation.priority.as_deref(),
            rating: conversation.rating,
            ai_participated: conversation.ai_participated,
            ai_resolution: conversation.ai_resolution.as_deref(),
            used_connector: conversation.used_connector,
        }
    }
}

impl<'a> PublicPart<'a> {
    fn of(part: &'a Part) -> Self {
        Self {
            id: &part.id,
            kind: &part.kind,
            body: part.body.as_deref(),
            is_cut: part.is_cut,
            created_at: part.created_at,
            author: PublicAuthor {
                side: part.author.side.as_str(),
                id: part.author.id.as_deref(),
                name: part.author.name.as_deref(),
            },
            is_note: part.is_note,
            is_redacted: part.is_redacted,
            attachments: part.attachments.iter().map(PublicAttachment::of).collect(),
        }
    }
}

impl<'a> PublicAttachment<'a> {
    fn of(attachment: &'a Attachment) -> Self {
        Self {
            name: &attachment.name,
            content_type: attachment.content_type.as_deref(),
            size: attachment.size,
        }
    }
}

/// Some conversations, and where the next page begins.
struct Page {
    conversations: Vec<Conversation>,
    next: Option<String>,
}

pub(crate) async fn list(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let names = ["contact_id", "company_id", "updated_since"];
    let asked = Listing::parse(request.uri().query().unwrap_or_default(), &names)?;
    let connection = workspace::connected(state, grant, asked.workspace.as_deref()).await?;
    let now = state.clock.now();
    let mirror = state.mirror.of(&grant.organization, &connection.workspace);
    let page = match (asked.get("contact_id"), asked.get("company_id")) {
        (Some(_), Some(_)) => {
            let rule = "Name a contact or a company, not both.";
            return Err(ApiError::bad_request("bad_filter", rule).into());
        }
        (Some(contact), None) => of_moments(&mirror, Whose::Contact(contact), &asked, now).await?,
        (None, Some(company)) => {
            let company = named(&mirror, company, now).await?;
            of_moments(&mirror, Whose::Company(&company.id), &asked, now).await?
        }
        (None, None) => all(&mirror, &asked, now).await?,
    };
    tracing::info!("conversations read");
    let data = page.conversations.iter().map(PublicConversation::of);
    Ok(json(
        StatusCode::OK,
        &Listed {
            data: data.collect(),
            next_cursor: page.next,
        },
    ))
}

async fn all(mirror: &WorkspaceMirror<'_>, asked: &Listing, now: Timestamp) -> Result<Page, Error> {
    let cursor = asked.cursor.as_deref();
    let after = cursor.map(|cursor| ConversationPlace::parse(cursor).ok_or_else(bad_cursor));
    let after = after.transpose()?;
    let page = mirror
        .conversations()
        .changed_since(asked.since, after.as_ref(), asked.limit, now)
        .await?;
    Ok(Page {
        conversations: page.conversations,
        next: page.next.map(|place| place.to_text()),
    })
}

/// On whose time line conversations stand.
#[derive(Clone, Copy)]
enum Whose<'a> {
    Contact(&'a str),
    Company(&'a str),
}

/// Those on a time line, the latest first: when one began never changes, so a cursor is a moment.
async fn of_moments(
    mirror: &WorkspaceMirror<'_>,
    whose: Whose<'_>,
    asked: &Listing,
    now: Timestamp,
) -> Result<Page, Error> {
    let cursor = asked.cursor.as_deref();
    let before = cursor.map(|cursor| {
        let milliseconds = cursor.parse().map_err(|_| bad_cursor())?;
        Timestamp::from_millisecond(milliseconds).map_err(|_| bad_cursor())
    });
    let before = before.transpose()?;
    let kind = MomentKind::Conversation;
    let moments = match whose {
        Whose::Contact(contact) => {
            let moments = mirror.moments();
            moments
                .of_contact(contact, kind, before, asked.limit, now)
                .await?
        }
        Whose::Company(company) => {
            let moments = mirror.moments();
            moments
                .of_company(company, kind, before, asked.limit, now)
                .await?
        }
    };
    let has_more = moments.len() == asked.limit;
    let next = moments.last().filter(|_| has_more);
    let next = next.map(|last| last.at.as_millisecond().to_string());
    let mut conversations: Vec<Conversation> = Vec::with_capacity(moments.len());
    for Moment { id, .. } in &moments {
        // Several people of a company may take part in one.
        if conversations.iter().any(|listed| listed.id == *id) {
            continue;
        }
        let conversation = mirror.conversations().get(id, now).await?;
        conversations.extend(conversation.filter(|conversation| {
            let updated_at = conversation.updated_at;
            asked
                .since
                .is_none_or(|since| updated_at.is_some_and(|updated_at| updated_at >= since))
        }));
    }
    Ok(Page {
        conversations,
        next,
    })
}

pub(crate) async fn show(
    state: &State,
    grant: &Grant,
    id: &str,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let asked = Listing::parse(request.uri().query().unwrap_or_default(), &[])?;
    let connection = workspace::connected(state, grant, asked.workspace.as_deref()).await?;
    let now = state.clock.now();
    let mirror = state.mirror.of(&grant.organization, &connection.workspace);
    let unknown = || {
        ApiError::new(
            StatusCode::NOT_FOUND,
            "unknown_conversation",
            "There is no such conversation among those that are imported.",
        )
    };
    let conversation = mirror.conversations().get(id, now).await?;
    let conversation = conversation.ok_or_else(unknown)?;
    let parts = mirror.conversations().parts(id, now).await?;
    let tags = mirror.vocabulary().tags(now).await?;
    let session = session(state, &connection, &mirror, &conversation, now).await?;
    let region = Region::parse(connection.region.as_str());
    let linked = Linked::Conversation(&conversation.id);
    let url = state
        .hosts
        .link(region, connection.workspace.as_str(), linked);
    tracing::info!("conversation read");
    let whole = WholeConversation {
        conversation: PublicConversation::of(&conversation),
        page_url: conversation.page_url.as_deref(),
        rating_remark: conversation.rating_remark.as_deref(),
        tags: Named::names(&conversation.tags, &tags),
        parts: parts.iter().map(PublicPart::of).collect(),
        parts_missing: conversation.parts_missing,
        session,
        url: url.to_string(),
    };
    Ok(json(StatusCode::OK, &whole))
}

/// The session in which a conversation began.
async fn session(
    state: &State,
    connection: &Connection,
    mirror: &WorkspaceMirror<'_>,
    conversation: &Conversation,
    now: Timestamp,
) -> Result<Option<PublicSession>, Error> {
    let Some(began) = conversation.created_at else {
        return Ok(None);
    };
    let people = mirror
        .contacts()
        .get_all(&conversation.contacts, now)
        .await?;
    let asked = conversation.contacts.iter();
    let asked: Vec<_> = asked.filter_map(|id| query(id, &people)).collect();
    let whose = (&connection.organization, &connection.workspace);
    let found = state.store.began_in(whose, &asked, began, now).await?;
    Ok(found.map(|row| {
        let into = began.duration_since(row.summary.started_at);
        PublicSession {
            session_id: row.session_id.as_str().to_owned(),
            at_ms: i64::try_from(into.as_millis().max(0)).unwrap_or_default(),
            started_at: row.summary.started_at,
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
