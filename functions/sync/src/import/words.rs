//! Teammates, tags and segments: each list as a whole.

use mirror::from_intercom;

use crate::import::{Importer, Read, Stop};

impl Importer<'_> {
    pub(crate) async fn admins(&mut self) -> Result<Read, Stop> {
        let (state, access, read_at) = (self.state, self.access, self.now());
        let call = state.intercom.list_admins(access.region, &access.token);
        let said = self.asked(call).await?;
        self.calls.heed(said.rate_limit.as_ref()).await?;
        let list: Vec<_> = said.value.iter().map(from_intercom::admin).collect();
        self.mirror.vocabulary().put_admins(&list, read_at).await?;
        Ok(Read::all(list.len()))
    }

    pub(crate) async fn tags(&mut self) -> Result<Read, Stop> {
        let (state, access, read_at) = (self.state, self.access, self.now());
        let call = state.intercom.list_tags(access.region, &access.token);
        let said = self.asked(call).await?;
        self.calls.heed(said.rate_limit.as_ref()).await?;
        let list: Vec<_> = said.value.iter().map(from_intercom::tag).collect();
        self.mirror.vocabulary().put_tags(&list, read_at).await?;
        Ok(Read::all(list.len()))
    }

    pub(crate) async fn segments(&mut self) -> Result<Read, Stop> {
        let (state, access, read_at) = (self.state, self.access, self.now());
        let call = state.intercom.list_segments(access.region, &access.token);
        let said = self.asked(call).await?;
        self.calls.heed(said.rate_limit.as_ref()).await?;
        let list: Vec<_> = said.value.iter().map(from_intercom::segment).collect();
        self.mirror
            .vocabulary()
            .put_segments(&list, read_at)
            .await?;
        Ok(Read::all(list.len()))
    }
}
