//! Remembering which contact has which names.

use intercom::contact::Contact;
use intercom::request::Role;
use intercom::rest::{Detail, Refusal};

use super::{Courier, Progress, Telling};
use crate::lane::{email_hash, id_hash};
use crate::person::contact_map::KnownContact;

impl Courier<'_> {
    pub(super) async fn remember_created(
        &mut self,
        telling: &Telling<'_>,
        id: &str,
        email: Option<&str>,
    ) -> Progress<()> {
        let external = telling.who.external_id.as_deref();
        let external = external.map(|id| id_hash(&self.outbox.key, id));
        if let Some(hash) = &external {
            match telling.rules.by_anonymous_id {
                true => self.remember_anonymous(hash, id).await?,
                false => self.remember(hash, id, None).await?,
            }
        }
        if let Some(email) = email {
            let hash = email_hash(&self.outbox.key, email);
            let known = KnownContact {
                contact: id.to_owned(),
                external,
                claimed: !telling.rules.trust.covers_email(),
                anonymous: false,
            };
            self.remember_known(&hash, &known).await?;
        }
        Ok(())
    }

    pub(super) async fn remember_external_id(
        &mut self,
        external_id: &str,
        contact: &Contact,
    ) -> Progress<()> {
        let hash = id_hash(&self.outbox.key, external_id);
        self.remember(&hash, &contact.id, None).await
    }

    pub(super) async fn remember_email(&mut self, email: &str, contact: &Contact) -> Progress<()> {
        let hash = email_hash(&self.outbox.key, email);
        let external = contact
            .external_id
            .as_deref()
            .filter(|_| contact.role != Role::Lead);
        let external = external.map(|id| id_hash(&self.outbox.key, id));
        self.remember(&hash, &contact.id, external).await
    }

    /// Remembers who has a key, and wakes those who wait for it.
    pub(super) async fn remember(
        &mut self,
        hash: &str,
        contact: &str,
        external: Option<String>,
    ) -> Progress<()> {
        let known = KnownContact {
            contact: contact.to_owned(),
            external,
            claimed: false,
            anonymous: false,
        };
        self.remember_known(hash, &known).await
    }

    /// The same of an anonymous id.
    pub(super) async fn remember_anonymous(&mut self, hash: &str, contact: &str) -> Progress<()> {
        let known = KnownContact {
            contact: contact.to_owned(),
            external: None,
            claimed: false,
            anonymous: true,
        };
        self.remember_known(hash, &known).await
    }

    async fn remember_known(&mut self, hash: &str, known: &KnownContact) -> Progress<()> {
        let now = self.now();
        self.outbox
            .remember_contact(self.workspace, hash, known, now)
            .await?;
        fail::fail_point!(crate::steps::REMEMBERED);
        let waiting = self.outbox.waiters(self.workspace, hash).await?;
        self.woken.extend(waiting);
        Ok(())
    }

    /// Forgets a contact that is gone; one that it was merged into has its keys from now on.
    pub(super) async fn forget_gone(
        &mut self,
        telling: &Telling<'_>,
        id: &str,
        refusal: &Refusal,
    ) -> Progress<()> {
        self.gone.insert(id.to_owned());
        let (external, email) = self.outbox.hashes(telling.who);
        for hash in [external, email].into_iter().flatten() {
            self.outbox
                .forget_contact(self.workspace, &hash, id)
                .await?;
            if let Some(Detail::Merged { into }) = &refusal.detail
                && !self.gone.contains(into)
            {
                self.remember(&hash, into, None).await?;
            }
        }
        Ok(())
    }
}
