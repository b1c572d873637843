//! Looking a person up by an alias, and listing a person's aliases.

use std::collections::BTreeSet;

use identity::cluster::MAX_PEOPLE;
use identity::{Alias, AliasKind, PersonId, conflict};
use jiff::Timestamp;
use table::{Key, Read};

use crate::Error;
use crate::people::clusters::alias_entry;
use crate::people::{Clusters, rows as people_rows};
use crate::sessions::cipher::Cipher;
use crate::sessions::meta::Meta;
use crate::sessions::{People, Sessions, rows};

/// Sessions whose aliases are opened for a profile: the latest. Older ones hardly ever name others.
const SESSIONS_OPENED: usize = 50;

/// What a person's sessions were identified by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProfileAlias {
    /// What kind of alias.
    pub kind: AliasKind,
    /// In its normal form. Personal data.
    pub value: String,
    /// Whether nobody has proved it.
    pub is_claimed: bool,
}

/// Somebody and everybody that counts as the same person.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonProfile {
    /// All of them, in a stable order.
    pub people: Vec<PersonId>,
    /// What their latest sessions were identified by, in clear, strongest kind first. Personal data: `Debug`
    /// leaves it out.
    pub aliases: Vec<ProfileAlias>,
    /// Set when they are several people who share an alias: by which kind of name they are told apart.
    pub conflict: Option<AliasKind>,
}

impl std::fmt::Debug for PersonProfile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PersonProfile")
            .field("people", &self.people)
            .finish_non_exhaustive()
    }
}

impl People<'_> {
    /// Everybody that a text names: a person's id, or an alias of any kind that recorders and backends say.
    /// At most
    /// [`MAX_PEOPLE`], in a stable order.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn called(self, text: &str) -> Result<Vec<PersonId>, Error> {
        let key = self.scope.key();
        let aliases = [
            Alias::email(text),
            Alias::user_id(text),
            Alias::anonymous_id(text),
            Alias::visitor_id(text),
        ];
        let wanted: Vec<Key> = aliases
            .iter()
            .flatten()
            .map(|alias| people_rows::alias(self.scope.organization, &key.name(alias)))
            .collect();
        let found = self
            .scope
            .table
            .get_all("look somebody up", &wanted, Read::Eventual)
            .await?;
        let mut people = BTreeSet::new();
        for item in found.into_values() {
            let entry = alias_entry(item)?;
            people.extend(entry.recorded().cloned());
            people.extend(entry.said.iter().cloned());
            people.extend(entry.browsers().into_iter().cloned());
        }
        if people.is_empty()
            && let Ok(person) = PersonId::parse(text.trim())
            && person.is_of_digest()
        {
            let cluster = Clusters::of(self.scope).read(&person, &[]).await?;
            people.extend(cluster.recorded().cloned());
        }
        Ok(people.into_iter().take(MAX_PEOPLE).collect())
    }

    /// Who a person is; `None` when there is neither a session nor an alias of them.
    ///
    /// What they are called stands in clear nowhere: it is opened from their latest sessions.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn profile(
        self,
        person: &PersonId,
        now: Timestamp,
    ) -> Result<Option<PersonProfile>, Error> {
        let cluster = Clusters::of(self.scope).read(person, &[]).await?;
        let people: Vec<PersonId> = cluster.recorded().take(MAX_PEOPLE).cloned().collect();
        let latest = Sessions::of(self.scope)
            .newest(&people, None, SESSIONS_OPENED, now)
            .await?;
        if latest.is_empty() && cluster.aliases.is_empty() {
            return Ok(None);
        }
        let sessions: BTreeSet<_> = latest.into_iter().map(|row| row.session_id).collect();
        let wanted: Vec<Key> = sessions
            .iter()
            .map(|session| rows::meta(self.scope.organization, session))
            .collect();
        let mut metas = self
            .scope
            .table
            .get_all("look somebody up", &wanted, Read::Eventual)
            .await?;
        let mut aliases = BTreeSet::new();
        for (session, key) in sessions.iter().zip(&wanted) {
            let Some(item) = metas.remove(key) else {
                continue;
            };
            let cipher = Cipher::new(self.scope.key(), self.scope.organization, session);
            let meta = Meta::parse(item)?;
            for sealed in &meta.aliases {
                let (kind, value) = cipher.open(sealed)?;
                let is_claimed = !meta.verified.contains(sealed);
                aliases.insert(ProfileAlias {
                    kind,
                    value,
                    is_claimed,
                });
            }
        }
        let mut aliases: Vec<ProfileAlias> = aliases.into_iter().collect();
        // Sorted with what is verified before the same as a claim.
        aliases.dedup_by(|next, kept| (next.kind, &next.value) == (kept.kind, &kept.value));
        Ok(Some(PersonProfile {
            people,
            aliases,
            conflict: conflict(&cluster.identities(), &BTreeSet::new()),
        }))
    }
}
