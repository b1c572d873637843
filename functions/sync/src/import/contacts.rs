//! People who have changed since the last pass.

use intercom::contact::Contact;
use intercom::rest::Cursor;
use jiff::Timestamp;

use crate::import::{Importer, Read, Stop};
use crate::plan::{self, SEARCH_DAY_MARGIN};

impl Importer<'_> {
    pub(crate) async fn contacts(
        &mut self,
        cursor: Option<&str>,
        since: Option<Timestamp>,
    ) -> Result<Read, Stop> {
        let (state, access, read_at) = (self.state, self.access, self.now());
        let since = since.unwrap_or(Timestamp::UNIX_EPOCH);
        let after = since.checked_sub(SEARCH_DAY_MARGIN).unwrap_or(since);
        let cursor = cursor.and_then(|text| Cursor::parse(text).ok());
        let call = state.intercom.contacts_updated_after(
            access.region,
            &access.token,
            after,
            cursor.as_ref(),
        );
        let page = self.asked(call).await?;
        self.calls.heed(page.rate_limit.as_ref()).await?;
        let changed: Vec<_> = page
            .items
            .iter()
            .map(|contact| contact.updated_at)
            .collect();
        let mut count = 0;
        for contact in &page.items {
            let is_new = contact.updated_at.is_none_or(|at| at > since);
            if is_new && self.is_wanted(contact, read_at).await? {
                self.put_contact(contact, read_at).await?;
                count += 1;
            }
        }
        let next = page.next.filter(|_| !plan::is_past(&changed, since));
        Ok(Read {
            count,
            is_last: next.is_none(),
            cursor: next.map(|cursor| cursor.as_str().to_owned()),
            pending: Vec::new(),
            ..Read::default()
        })
    }

    /// Whether somebody belongs to a company, or is known already.
    async fn is_wanted(&self, contact: &Contact, now: Timestamp) -> Result<bool, Stop> {
        let belongs = contact.companies.as_ref();
        if belongs.is_some_and(|companies| companies.total > 0) {
            return Ok(true);
        }
        Ok(self
            .mirror
            .contacts()
            .get(&contact.id, now)
            .await?
            .is_some())
    }
}
