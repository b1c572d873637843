//! The attributes, made known to a workspace on first use.

use intercom::rest::{AttributeWrite, Model};

use super::values;
use crate::import::{Importer, Stop};

/// For the teammates who see them.
const DESCRIPTION: &str = "Written by Recapt from recorded sessions";

impl Importer<'_> {
    /// Makes those known that the workspace does not know yet.
    pub(super) async fn make_attributes(&mut self, model: Model) -> Result<(), Stop> {
        let (intercom, access) = (&self.state.intercom, self.access);
        let (region, token) = (access.region, &access.token);
        let known = self
            .asked(intercom.list_attributes(region, token, model))
            .await?;
        self.calls.heed(known.rate_limit.as_ref()).await?;
        for (name, data_type) in values::attributes(model) {
            if known.value.iter().any(|known| known.name == name) {
                continue;
            }
            let attribute = AttributeWrite {
                name: name.to_owned(),
                model,
                data_type,
                description: Some(DESCRIPTION.to_owned()),
                messenger_writable: false,
            };
            let call = intercom.create_attribute(region, token, &attribute);
            let made = self.asked(call).await?;
            self.calls.heed(made.rate_limit.as_ref()).await?;
        }
        Ok(())
    }
}
