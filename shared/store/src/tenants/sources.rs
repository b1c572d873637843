//! Where an organization's tracked events come from, and what is to become of them.
//!
//! Every organization has the browser source `site`: its sites, with the recorder's write key. It has no
//! row before somebody changes it. Keys of other sources stand where all keys do ([`crate::ApiKeys`]).

use aws_sdk_dynamodb::types::ReturnValue;
use identity::{SourceId, WorkspaceId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use table::{Conditional, Item, PARTITION, Read, SORT, nested, parse, text};

use crate::Error;
use crate::tenants::api_key::ApiKey;
use crate::tenants::key_rotation::KEY_OVERLAP;
use crate::tenants::preferences::Preferences;
use crate::tenants::{ApiKeys, Sources, rows};

/// Most sources of an organization: one for each of its services and sites, several times over.
pub const MAX_SOURCES: usize = 50;

/// A source of tracked events.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Which one.
    pub id: SourceId,
    /// For people.
    pub name: String,
    /// Whether its key is private.
    pub kind: SourceKind,
    /// Where its events go; `None`: the organization's only workspace.
    pub workspace: Option<WorkspaceId>,
    /// How its events are read: for the crate `tracking`. An object; what is missing has its default.
    pub settings: Value,
    /// When it was made; `None` for `site`, which is there as long as the organization.
    pub created_at: Option<Timestamp>,
}

/// What may be changed of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceChoices {
    /// See [`Source::name`].
    pub name: String,
    /// See [`Source::workspace`].
    pub workspace: Option<WorkspaceId>,
    /// See [`Source::settings`].
    pub settings: Value,
}

/// Whether a source's key is private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// It is: what is said with it is verified.
    Server,
    /// It stands in pages that everybody can read: what is said with it is claimed, unless it is signed.
    Browser,
}

/// A source, apart from its row's key.
#[derive(Serialize, Deserialize)]
struct SourceRow {
    name: String,
    kind: SourceKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workspace: Option<WorkspaceId>,
    /// JSON.
    settings: String,
    #[serde(
        with = "millisecond::optional",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    created_at: Option<Timestamp>,
}

impl Source {
    /// The browser source that every organization has, as long as nobody has changed it.
    #[must_use]
    pub fn site() -> Self {
        Self {
            id: SourceId::site(),
            name: "Site".to_owned(),
            kind: SourceKind::Browser,
            workspace: None,
            settings: Value::Object(serde_json::Map::new()),
            created_at: None,
        }
    }

    fn row(&self) -> SourceRow {
        SourceRow {
            name: self.name.clone(),
            kind: self.kind,
            workspace: self.workspace.clone(),
            settings: self.settings.to_string(),
            created_at: self.created_at,
        }
    }

    fn parse(id: SourceId, item: Item) -> Result<Self, Error> {
        let row: SourceRow = parse("source", item)?;
        let settings = serde_json::from_str(&row.settings);
        Ok(Self {
            id,
            name: row.name,
            kind: row.kind,
            workspace: row.workspace,
            settings: settings.map_err(|error| table::Error::corrupt("source", error))?,
            created_at: row.created_at,
        })
    }
}

impl Sources<'_> {
    /// All of them: `site` first, then the others as they were made.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn list(self) -> Result<Vec<Source>, Error> {
        let partition = rows::source(self.scope.organization, &SourceId::site()).partition;
        let mut found = Vec::new();
        let mut start = None;
        loop {
            let answer = self
                .scope
                .table
                .query(partition.clone(), "begins_with(SK, :sources)")
                .expression_attribute_values(":sources", text(rows::SOURCES))
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("list sources", &error))?;
            for item in answer.items.unwrap_or_default() {
                found.push(Source::parse(id_of(&item)?, item)?);
            }
            start = answer
                .last_evaluated_key
                .filter(|key| key.contains_key(PARTITION));
            if start.is_none() {
                break;
            }
        }
        if !found.iter().any(|source| source.id.is_site()) {
            found.push(Source::site());
        }
        found.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        Ok(found)
    }

    /// One of them, as of every write that was answered; `None` when there is none of that name.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn get(self, id: &SourceId) -> Result<Option<Source>, Error> {
        let key = rows::source(self.scope.organization, id);
        let found = self
            .scope
            .table
            .get("read a source", &key, Read::Consistent)
            .await?;
        match found {
            Some(item) => Source::parse(id.clone(), item).map(Some),
            None => Ok(id.is_site().then(Source::site)),
        }
    }

    /// Makes a source, which has no key yet; `false` when there is one of that name already.
    ///
    /// # Errors
    /// [`Error::TooManySources`] when there are too many. Of several that are made at once a few more
    /// may be. [`table::Error::Unavailable`] when the table does not answer.
    pub async fn create(self, source: &Source) -> Result<bool, Error> {
        if self.list().await?.len() >= MAX_SOURCES {
            return Err(Error::TooManySources { most: MAX_SOURCES });
        }
        let key = rows::source(self.scope.organization, &source.id);
        let put = self.scope.table.put(&key, &source.row())?;
        let put = put.condition_expression("attribute_not_exists(PK)");
        Ok(put.attempt("make a source").await?.is_done())
    }

    /// Changes what was chosen of a source, and returns it as it is now; `None` when there is none of
    /// that name. What collects events may go by the old choices for a minute.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: change it again.
    pub async fn update(
        self,
        id: &SourceId,
        choices: SourceChoices,
    ) -> Result<Option<Source>, Error> {
        let mut changes = "SET #name = :name, settings = :settings".to_owned();
        let mut request = self
            .scope
            .table
            .update(&rows::source(self.scope.organization, id))
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", text(&choices.name))
            .expression_attribute_values(":settings", text(&choices.settings));
        if id.is_site() {
            changes += ", kind = :kind";
            request = request.expression_attribute_values(":kind", nested(&SourceKind::Browser)?);
        } else {
            request = request.condition_expression("attribute_exists(PK)");
        }
        match &choices.workspace {
            Some(workspace) => {
                changes += ", workspace = :workspace";
                request = request.expression_attribute_values(":workspace", text(workspace));
            }
            None => changes += " REMOVE workspace",
        }
        let changed = request
            .update_expression(changes)
            .return_values(ReturnValue::AllNew)
            .attempt("change a source");
        let row = changed.await?.done();
        row.map(|row| Source::parse(id.clone(), row)).transpose()
    }

    /// The id of a source that is made by a request of this name, and the bytes of its first key: the same
    /// for the same request, which may be repeated.
    #[must_use]
    pub fn of_request(self, name: &str) -> (SourceId, [u8; 32]) {
        let key = self.scope.key();
        let [a, b, c, d, e, f, g, h, ..] = key.instead_of_random("source", name);
        let id = SourceId::from_random([a, b, c, d, e, f, g, h]);
        (id, key.instead_of_random("source key", name))
    }

    /// Deletes a source with its keys; one that is not there is deleted already. What collects events may
    /// take some for a minute more; whoever delivers drops what still waits. The caller has seen that it is
    /// not `site`.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: delete it again.
    pub async fn delete(self, id: &SourceId, now: Timestamp) -> Result<(), Error> {
        ApiKeys::of(self.scope).end_of_source(id, now).await?;
        let key = rows::source(self.scope.organization, id);
        Ok(self
            .scope
            .table
            .delete_all("delete a source", &[key])
            .await?)
    }

    /// Makes a source's key of bytes of a cryptographic generator. Those that it replaces go on working
    /// for [`KEY_OVERLAP`]. `preferences`: what keys hold to, see [`crate::Grant::preferences`]. The
    /// caller has seen that the source is there and is not `site`, whose key is the write key.
    ///
    /// # Errors
    /// As [`ApiKeys::rotate`].
    pub async fn new_key(
        self,
        id: &SourceId,
        preferences: &Preferences,
        random: [u8; 32],
        now: Timestamp,
    ) -> Result<ApiKey, Error> {
        let key = ApiKey::of_source(id.clone(), random);
        let keys = ApiKeys::of(self.scope);
        keys.rotate(preferences, &key, KEY_OVERLAP, now).await?;
        Ok(key)
    }
}

fn id_of(item: &Item) -> Result<SourceId, Error> {
    let sort = item.get(SORT).and_then(|sort| sort.as_s().ok());
    let id = sort.and_then(|sort| sort.strip_prefix(rows::SOURCES));
    let id = id.and_then(|id| SourceId::parse(id).ok());
    Ok(id.ok_or_else(|| table::Error::corrupt("source", "no id"))?)
}
