//! What was asked for, and reading it: at most two round trips to the table, one after the other.

use identity::{PersonId, WorkspaceId};
use intercom::canvas::Canvas;
use intercom::request::CanvasRequest;
use jiff::Timestamp;
use store::{Connection, ConnectionStatus, PageRequest, SessionCursor, SessionPage, SessionRow};
use tracing::Span;

use crate::State;
use crate::contact;
use crate::error::Error;
use crate::position::{PAGE_SESSIONS, Position};
use crate::target::Target;
use crate::view::before::Before;
use crate::view::frame::{Frame, Links};
use crate::view::{details, sessions, states};

/// Draws the panel that a request asks for.
pub(crate) async fn draw(state: &State, request: &CanvasRequest) -> Result<Canvas, Error> {
    let links = Links::new(state.pages.clone());
    let workspace = request.workspace_id.as_deref().map(WorkspaceId::parse);
    let Some(Ok(workspace)) = workspace else {
        return Ok(states::not_connected(&links)?);
    };
    Span::current().record("workspace.id", workspace.as_str());
    let Some(contact) = &request.contact else {
        return Ok(states::no_contact()?);
    };
    let clicked = request.component_id.as_deref();
    let Some(target) = clicked.map_or(Some(Target::Sessions), Target::parse) else {
        return Ok(states::unknown_component()?);
    };

    let aliases = contact::aliases(&workspace, contact);
    let found = state.store.find_contact(&workspace, &aliases).await?;
    let people = found.people();
    let Some(connection) = found.connection else {
        return Ok(states::not_connected(&links)?);
    };
    Span::current().record("organization.id", connection.organization.as_str());
    if connection.status == ConnectionStatus::Disconnected {
        return Ok(states::disconnected(&links)?);
    }
    let now = state.clock.now();
    if clicked.is_none() {
        state.views.count(&connection.organization, now);
    }
    let identifiers = contact::identifiers(contact);
    if people.is_empty() && identifiers.is_empty() {
        return Ok(states::no_identifiers(&links)?);
    }

    let reader = Reader {
        state,
        connection: &connection,
        people: &people,
        now,
    };
    let frame = Frame::new(&connection, links, reader.now);
    let position = Position::of(&request.stored_data);
    let position = match target {
        Target::Sessions => position,
        Target::More => position.more(),
        Target::Newer => position.newer(),
        Target::Session(cursor) => {
            return Ok(match reader.session(&cursor).await? {
                Some(row) => details::details(&row, &frame, &position)?,
                None => states::session_gone(&connection, &position)?,
            });
        }
        Target::Link(cursor) => {
            return Ok(match reader.session(&cursor).await? {
                Some(row) => details::link(&row, &frame, &position)?,
                None => states::session_gone(&connection, &position)?,
            });
        }
    };
    let began = request
        .conversation
        .as_ref()
        .and_then(|conversation| conversation.created_at);
    let began = began.filter(|_| position.is_first());
    let (page, under_way) = reader.page(&position, began).await?;
    if page.sessions.is_empty() && !position.has_newer() {
        return Ok(states::no_sessions(
            &identifiers,
            &connection,
            &frame.links,
        )?);
    }
    let matched: Vec<_> = found.matches.iter().map(|found| found.kind).collect();
    let list = sessions::SessionList {
        matched: &matched,
        before: began.and_then(|began| Before::find(page.sessions.iter().chain(&under_way), began)),
        position: position.followed_by(page.next.clone()),
        sessions: &page.sessions,
    };
    Ok(sessions::draw(&list, &frame)?)
}

/// The second round trip: sessions of people already found.
struct Reader<'a> {
    state: &'a State,
    connection: &'a Connection,
    people: &'a [PersonId],
    now: Timestamp,
}

impl Reader<'_> {
    /// One session, if it is these people's.
    async fn session(&self, cursor: &SessionCursor) -> Result<Option<SessionRow>, store::Error> {
        let organization = &self.connection.organization;
        self.state
            .store
            .session_of(organization, self.people, cursor, self.now)
            .await
    }

    /// The sessions at a position and, at the same time, the last one that had started before `began`.
    async fn page(
        &self,
        position: &Position,
        began: Option<Timestamp>,
    ) -> Result<(SessionPage, Option<SessionRow>), store::Error> {
        let (store, organization) = (&self.state.store, &self.connection.organization);
        let limit = match position.is_first() {
            true => self
                .connection
                .preferences
                .sessions_in_list
                .get()
                .min(PAGE_SESSIONS),
            false => PAGE_SESSIONS,
        };
        let request = PageRequest {
            limit,
            before: position.before().cloned(),
        };
        let page = store.sessions(organization, self.people, &request, self.now);
        let under_way = async {
            match began {
                Some(began) => {
                    store
                        .sessions_before(organization, self.people, began, self.now)
                        .await
                }
                None => Ok(None),
            }
        };
        tokio::try_join!(page, under_way)
    }
}
