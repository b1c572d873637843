//! What was asked for, and reading it: at most three round trips to the table, one after the other.

use identity::{Alias, Presence, WorkspaceId};
use intercom::canvas::Canvas;
use intercom::request::CanvasRequest;
use pages::signed::Signer;
use store::{ConnectionStatus, SessionCursor, SessionRow};
use tracing::Span;

use crate::State;
use crate::beginning::{self, Beginning};
use crate::contact;
use crate::error::Error;
use crate::position::Position;
use crate::reader::Reader;
use crate::target::Target;
use crate::view::details::{self, LinkToCopy};
use crate::view::evidence::MatchEvidence;
use crate::view::frame::{Frame, Links};
use crate::view::others::Others;
use crate::view::told_session::ToldSession;
use crate::view::{sessions, states};

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

    let mut query = contact::query(contact);
    query.conversation = request
        .conversation
        .as_ref()
        .and_then(beginning::to_look_up);
    let found = state.store.find_contact(&workspace, &query).await?;
    let Some(connection) = &found.connection else {
        return Ok(states::not_connected(&links)?);
    };
    Span::current().record("organization.id", connection.organization.as_str());
    if connection.status == ConnectionStatus::Disconnected {
        return Ok(states::disconnected(&links)?);
    }
    let now = state.clock.now();
    let signer = Signer::of(&state.secrets.known())?;
    let links = links.admitting(connection, signer, now);
    if clicked.is_none() {
        state.views.count(&connection.organization, now);
    }
    match found.contact.presence {
        Some(Presence::Archived) => return Ok(states::archived(&links)?),
        Some(Presence::Deleted) => return Ok(states::deleted(&links)?),
        Some(Presence::Present) | None => {}
    }
    let (evidence, people) = MatchEvidence::of(&found, &connection.preferences);
    if people.is_empty() && query.aliases.is_empty() {
        return Ok(states::no_identifiers(&links)?);
    }

    let panel = Panel {
        identifiers: &query.aliases,
        evidence: &evidence,
        frame: Frame::new(connection, links.in_panel_of(&people.everybody()), now)
            .of_person(contact.name.as_deref().filter(|_| evidence.is_one_person())),
        reader: Reader {
            store: &state.store,
            connection,
            people: &people,
            now,
        },
    };
    let position = Position::of(&request.stored_data);
    let conversation = request.conversation.as_ref();
    let beginning =
        conversation.and_then(|conversation| Beginning::of(conversation, found.conversation));
    match target {
        Target::Sessions => panel.list(position, beginning).await,
        Target::More => panel.list(position.more(), beginning).await,
        Target::Newer => panel.list(position.newer(), beginning).await,
        Target::Session(cursor) => panel.session(&cursor, &position).await,
        Target::Link(cursor) => panel.link(&cursor, &position).await,
    }
}

/// Somebody's panel, once it is known whose sessions to show.
struct Panel<'a> {
    /// What the contact is known by in Intercom.
    identifiers: &'a [Alias],
    evidence: &'a MatchEvidence,
    frame: Frame,
    reader: Reader<'a>,
}

impl Panel<'_> {
    /// The sessions at a position.
    async fn list(
        &self,
        position: Position,
        beginning: Option<Beginning>,
    ) -> Result<Canvas, Error> {
        // Of several people's sessions none is the one that led to the conversation.
        let beginning =
            beginning.filter(|_| position.is_first() && self.evidence.conflict.is_none());
        let began = beginning.as_ref().map(|beginning| beginning.at);
        let (page, under_way) = self.reader.page(&position, began).await?;
        if page.sessions.is_empty() && !position.has_newer() {
            let (connection, links) = (self.reader.connection, &self.frame.links);
            return Ok(states::no_sessions(self.identifiers, connection, links)?);
        }
        // A claim is what led here only where nothing surer is.
        let telling =
            |row: &&SessionRow| !self.evidence.is_verified || self.evidence.is_telling(&row.person);
        let mut latest = page.sessions.iter().filter(telling);
        let earlier = page.sessions.iter().chain(&under_way).filter(telling);
        let before = beginning.as_ref();
        let before = before.and_then(|beginning| ToldSession::before(earlier, beginning));
        // Of several people's sessions none is told as this one's.
        let is_one_person = self.evidence.conflict.is_none();
        let latest = || {
            latest
                .next()
                .filter(|_| is_one_person)
                .map(ToldSession::latest)
        };
        let told = before.or_else(latest).filter(|_| position.is_first());
        let others = match &told {
            Some(told) => {
                let own = page.sessions.iter().chain([told.session]);
                let own: Vec<_> = own.map(|row| row.session_id.clone()).collect();
                self.reader.others(&told.fingerprints(), &own).await
            }
            None => Others::new(),
        };
        let list = sessions::SessionList {
            evidence: self.evidence,
            told,
            others: &others,
            position: position.followed_by(page.next.clone()),
            sessions: &page.sessions,
        };
        Ok(sessions::draw(&list, &self.frame)?)
    }

    /// One session.
    async fn session(&self, cursor: &SessionCursor, position: &Position) -> Result<Canvas, Error> {
        Ok(match self.reader.session(cursor).await? {
            Some(row) => {
                let (asked, own) = (details::fingerprints(&row.summary), &row.session_id);
                let own = std::slice::from_ref(own);
                let others = self.reader.others(&asked, own).await;
                details::details(&row, self.evidence, &others, &self.frame, position)?
            }
            None => states::session_gone(self.reader.connection, position)?,
        })
    }

    /// The link to one session.
    async fn link(&self, cursor: &SessionCursor, position: &Position) -> Result<Canvas, Error> {
        if let Some(row) = self.reader.session(cursor).await?
            && let Some(link) = self.link_to_copy(&row).await?
        {
            return Ok(details::link(&row, &link, &self.frame, position)?);
        }
        Ok(states::session_gone(self.reader.connection, position)?)
    }

    /// In the organization's own player, or a share link: the one that the session has, or a new one. To make
    /// it is the only write of the panel, and happens when a teammate asks for it.
    async fn link_to_copy(&self, row: &SessionRow) -> Result<Option<LinkToCopy>, Error> {
        let (links, session) = (&self.frame.links, &row.session_id);
        if let Some(url) = links.own_player(session, 0) {
            return Ok(Some(LinkToCopy { url, until: None }));
        }
        let link = self.reader.share(session).await?;
        Ok(link.and_then(|link| {
            Some(LinkToCopy {
                url: links.shared(&link)?,
                until: Some(link.expires_at()),
            })
        }))
    }
}
