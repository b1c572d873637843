//! What aliases lead to once a session was identified: verified ones to their person, claims to the owner of
//! the session, and to what a browser did before.

use std::collections::BTreeSet;

use identity::cluster::Evidence;
use identity::{Alias, AliasName, PersonId, SessionId, Standing};

use crate::Error;
use crate::people::Clusters;
use crate::sessions::Sessions;
use crate::sessions::cipher::Cipher;
use crate::sessions::identification::Identification;
use crate::sessions::identify::{BeforeIdentifying, MAX_ROUNDS, Said};
use crate::sessions::meta::Meta;

impl Sessions<'_> {
    /// Lets the aliases lead to the owner: verified ones as its own, the others as claims.
    pub(super) async fn lead(
        self,
        (session, owner): (&SessionId, &PersonId),
        said: &Identification,
        names: &Said,
        before: &BeforeIdentifying,
        expires: i64,
    ) -> Result<(), Error> {
        let clusters = Clusters::of(self.scope);
        let own = names.own(before);
        if !own.is_empty() {
            let evidence = Evidence {
                owner,
                names: &own,
                claims: &[],
                is_recorded: true,
                is_claimed: false,
            };
            clusters.link(&evidence, expires).await?;
        }
        let identities: Vec<AliasName> = names
            .all()
            .filter(|name| name.is_identity())
            .cloned()
            .collect();
        let browser = said.claimed.iter().zip(&names.claimed);
        let browser: Vec<_> = browser.filter(|(_, name)| !name.is_identity()).collect();
        let is_named = owner.standing() != Standing::Unnamed;
        let mut has_unnamed = true;
        if is_named {
            let own = |name: &&AliasName| own.contains(*name);
            let mut found_by: BTreeSet<AliasName> =
                names.all().filter(|name| !own(name)).cloned().collect();
            let is_moved =
                before.meta.person.as_ref() != Some(owner) || !before.meta.former.is_empty();
            if is_moved {
                // What the session was claimed with before it moved leads to where it is now.
                found_by.extend(self.claims_of(session, &before.meta)?);
                found_by.retain(|name| !own(&name));
            }
            let found_by: Vec<AliasName> = found_by.into_iter().collect();
            self.share(owner, &names.claimed, before, expires).await?;
            has_unnamed = clusters
                .say(owner, &found_by, &identities, &before.entries, expires)
                .await?;
        }
        match browser.first() {
            Some((strongest, _)) if has_unnamed => {
                let unnamed = match is_named {
                    true => self.browser_of(strongest, &browser, before),
                    false => owner.clone(),
                };
                let browser = browser.into_iter().map(|(_, name)| name.clone());
                let browser: Vec<AliasName> = browser.collect();
                self.claim_browser(&unnamed, &browser, identities, before, expires)
                    .await
            }
            _ => Ok(()),
        }
    }

    fn claims_of(self, session: &SessionId, meta: &Meta) -> Result<BTreeSet<AliasName>, Error> {
        let key = self.scope.key();
        let cipher = Cipher::new(key.clone(), self.scope.organization, session);
        Ok(meta.names(&cipher, &key)?.claimed)
    }

    /// Lets what Intercom has joined with the user id, or with the address, lead to the owner as well.
    async fn share(
        self,
        owner: &PersonId,
        claimed: &[AliasName],
        before: &BeforeIdentifying,
        expires: i64,
    ) -> Result<(), Error> {
        let Some(strongest) = claimed.first().filter(|name| name.is_identity()) else {
            return Ok(());
        };
        let entry = before.entries.get(strongest);
        let Some(entry) = entry.filter(|entry| !entry.people.is_empty()) else {
            return Ok(());
        };
        if entry.said.contains(owner) {
            return Ok(());
        }
        let clusters = Clusters::of(self.scope);
        let names = BTreeSet::from([strongest.clone()]);
        let mut cluster = clusters.read_all(BTreeSet::new(), names).await?;
        // As if it stood there already: it is written last, so that whoever dies in between does it again.
        if let Some(entry) = cluster.aliases.get_mut(strongest) {
            entry.said = BTreeSet::from([owner.clone()]);
        }
        clusters.share_said(&cluster, expires).await
    }

    /// Lets the sessions of a browser of which nobody has said whose they are be claimed by everybody who has
    /// claimed the browser.
    async fn claim_browser(
        self,
        unnamed: &PersonId,
        browser: &[AliasName],
        identities: Vec<AliasName>,
        before: &BeforeIdentifying,
        expires: i64,
    ) -> Result<(), Error> {
        let clusters = Clusters::of(self.scope);
        let mut claims: BTreeSet<AliasName> = identities.into_iter().collect();
        let known = browser.iter().filter_map(|name| before.entries.get(name));
        claims.extend(known.flat_map(|entry| entry.claimed_with.iter().cloned()));
        for _ in 0..MAX_ROUNDS {
            let claimed: Vec<AliasName> = claims.iter().cloned().collect();
            let evidence = Evidence {
                owner: unnamed,
                names: browser,
                claims: &claimed,
                is_recorded: true,
                is_claimed: true,
            };
            let cluster = clusters.link(&evidence, expires).await?;
            // Somebody may have claimed it meanwhile: whichever looks last sees both.
            let seen = browser.iter().filter_map(|name| cluster.aliases.get(name));
            let seen: BTreeSet<AliasName> = seen
                .flat_map(|entry| entry.claimed_with.iter().cloned())
                .collect();
            if seen.is_subset(&claims) {
                return clusters.mark_shared(&cluster).await;
            }
            claims.extend(seen);
        }
        Err(table::Error::Contended.into())
    }

    /// Whose the sessions of this browser are that nobody has named.
    fn browser_of(
        self,
        strongest: &Alias,
        browser: &[(&Alias, &AliasName)],
        before: &BeforeIdentifying,
    ) -> PersonId {
        let entries = browser
            .iter()
            .filter_map(|(_, name)| before.entries.get(name));
        let mut people = entries.flat_map(|entry| &entry.people);
        let unnamed =
            people.find(|person| person.standing() == Standing::Unnamed && !person.is_stand_in());
        unnamed
            .cloned()
            .unwrap_or_else(|| self.scope.key().unnamed_person(strongest))
    }
}
