//! Custom attributes that a workspace does not know, or whose values it refuses: no event is lost for
//! one.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use identity::{OrganizationId, WorkspaceId};
use intercom::rest::{AttributeType, AttributeWrite, Detail, Model, Refusal};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Number, Value};

use super::{Courier, Progress, Telling, UnknownAttributes};
use crate::person::marks::{custom_name, keep};

/// How long it is remembered that an attribute cannot be made.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(10);

/// Most attributes that a process remembers so: beyond, it forgets all.
const MOST_REMEMBERED: usize = 10_000;

/// Custom attributes of contacts, and of companies, up to which a browser may have some made: half of
/// what Intercom takes (250), so that nobody in a browser uses them up.
const MOST_OF_BROWSERS: usize = 125;

/// The last: whether it is only what browsers say that cannot be written.
type AttributeKey = (OrganizationId, WorkspaceId, Model, String, bool);

/// Which custom attributes cannot be written, as far as a process knows.
#[derive(Debug, Default)]
pub struct KnownAttributes {
    unusable: Mutex<HashMap<AttributeKey, Timestamp>>,
}

impl KnownAttributes {
    fn note(&self, key: AttributeKey, until: Timestamp) {
        let mut unusable = self.unusable.lock().unwrap_or_else(PoisonError::into_inner);
        if unusable.len() >= MOST_REMEMBERED {
            unusable.clear();
        }
        unusable.insert(key, until);
    }

    fn is_unusable(&self, key: &AttributeKey, now: Timestamp) -> bool {
        let unusable = self.unusable.lock().unwrap_or_else(PoisonError::into_inner);
        unusable.get(key).is_some_and(|until| *until > now)
    }
}

impl Courier<'_> {
    /// Leaves out attributes that are known to be of no use.
    pub(super) fn leave_out_unusable(
        &mut self,
        telling: &Telling<'_>,
        model: Model,
        body: &mut Map<String, Value>,
    ) {
        let now = self.now();
        let is_unusable =
            |name: &str, of| self.attributes.is_unusable(&self.key(model, name, of), now);
        let of_browsers = !telling.rules.trust.covers_others();
        let mut left_out = Vec::new();
        if let Some(Value::Object(custom)) = body.get("custom_attributes") {
            for name in custom.keys() {
                if is_unusable(name, false) || (of_browsers && is_unusable(name, true)) {
                    left_out.push(name.clone());
                }
            }
        }
        for name in left_out {
            self.leave_out(&name, body);
        }
    }

    /// Does something about a refusal that one attribute caused; `false` when none did.
    pub(super) async fn mend(
        &mut self,
        telling: &Telling<'_>,
        model: Model,
        refusal: &Refusal,
        body: &mut Map<String, Value>,
    ) -> Progress<bool> {
        let custom = body.get("custom_attributes").and_then(Value::as_object);
        let Some(Detail::Attribute { name, unknown }) = &refusal.detail else {
            return self.leave_out_refused(model, refusal, body).await;
        };
        if !custom.is_some_and(|custom| custom.contains_key(name)) {
            return self.leave_out_refused(model, refusal, body).await;
        }
        let is_first = self.mended.insert((model, name.clone()));
        let creates = telling.rules.unknown_attributes == UnknownAttributes::Create;
        if *unknown && creates && is_first {
            self.make_known(telling, model, body).await?;
        } else {
            // What was made known and is still not known is left out once; what may not be made, for a
            // while.
            if *unknown && !creates {
                self.note_unusable(model, name, false);
            }
            self.leave_out(name, body);
        }
        Ok(true)
    }

    /// Makes all attributes of a body known that are not; leaves out those that cannot be.
    async fn make_known(
        &mut self,
        telling: &Telling<'_>,
        model: Model,
        body: &mut Map<String, Value>,
    ) -> Progress<()> {
        let known = self.list_attributes(model).await?;
        let custom = body.get("custom_attributes").and_then(Value::as_object);
        let missing: Vec<(String, Value)> = custom
            .into_iter()
            .flatten()
            .filter(|(name, _)| !known.contains(*name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let mut room = match telling.rules.trust.covers_others() {
            true => usize::MAX,
            false => MOST_OF_BROWSERS.saturating_sub(known.len()),
        };
        let mut refused = Vec::new();
        for (name, value) in missing {
            match data_type(&name, &value) {
                // Somebody has nothing there; somebody else may have something.
                None => self.leave_out(&name, body),
                Some(_) if room == 0 => {
                    self.note_unusable(model, &name, true);
                    self.leave_out(&name, body);
                }
                Some(data_type) => match self.create_attribute(model, &name, data_type).await? {
                    true => {
                        room -= 1;
                        self.warn(format!("attribute_created:{name}"));
                    }
                    false => refused.push(name),
                },
            }
        }
        if refused.is_empty() {
            return Ok(());
        }
        // Another run may have made them meanwhile.
        let known = self.list_attributes(model).await?;
        for name in refused.into_iter().filter(|name| !known.contains(name)) {
            self.note_unusable(model, &name, false);
            self.leave_out(&name, body);
        }
        Ok(())
    }

    pub(super) async fn list_attributes(&mut self, model: Model) -> Progress<HashSet<String>> {
        self.reserve().await?;
        let asked = self
            .intercom
            .list_attributes(self.region, self.token, model)
            .await;
        let listed = self.heard("GET", "/data_attributes".to_owned(), asked);
        let listed = listed.await?.unwrap_or_default().into_iter();
        let custom = listed.filter(|attribute| attribute.custom);
        Ok(custom.map(|attribute| attribute.name).collect())
    }

    async fn create_attribute(
        &mut self,
        model: Model,
        name: &str,
        data_type: AttributeType,
    ) -> Progress<bool> {
        let attribute = AttributeWrite {
            name: name.to_owned(),
            model,
            data_type,
            description: None,
            messenger_writable: false,
        };
        self.reserve().await?;
        let asked = self
            .intercom
            .create_attribute(self.region, self.token, &attribute)
            .await;
        let heard = self.heard("POST", "/data_attributes".to_owned(), asked);
        // Whoever may not make attributes leaves them out, and tells the rest.
        Ok(heard.await?.is_ok())
    }

    pub(super) fn leave_out(&mut self, name: &str, body: &mut Map<String, Value>) {
        let thing = custom_name(name);
        keep(body, |each, _| each != thing);
        self.warnings
            .retain(|warning| *warning != format!("attribute_created:{name}"));
        self.warn(format!("attribute_dropped:{name}"));
    }

    fn note_unusable(&self, model: Model, name: &str, of_browsers: bool) {
        let until = self.now().checked_add(REMEMBERED).unwrap_or(Timestamp::MAX);
        self.attributes
            .note(self.key(model, name, of_browsers), until);
    }

    fn key(&self, model: Model, name: &str, of_browsers: bool) -> AttributeKey {
        let organization = self.outbox.organization.clone();
        let workspace = self.workspace.clone();
        (organization, workspace, model, name.to_owned(), of_browsers)
    }
}

/// What an attribute is made as that has this value; `None` for what says nothing of it.
fn data_type(name: &str, value: &Value) -> Option<AttributeType> {
    match value {
        Value::String(_) => Some(AttributeType::String),
        Value::Bool(_) => Some(AttributeType::Boolean),
        Value::Number(number) if !is_whole(number) => Some(AttributeType::Float),
        // Dates have such names: Intercom's rule, and Segment's.
        Value::Number(_) if ["_at", "At", " at"].iter().any(|end| name.ends_with(end)) => {
            Some(AttributeType::Date)
        }
        Value::Number(_) => Some(AttributeType::Integer),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn is_whole(number: &Number) -> bool {
    number.is_i64() || number.is_u64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_attribute_is_made_as_its_first_value_is() {
        for (name, value, expected) in [
            ("plan", json!("pro"), Some(AttributeType::String)),
            ("seats", json!(3), Some(AttributeType::Integer)),
            ("score", json!(0.5), Some(AttributeType::Float)),
            (
                "renewed_at",
                json!(1_795_176_000),
                Some(AttributeType::Date),
            ),
            ("renewedAt", json!(1_795_176_000), Some(AttributeType::Date)),
            ("renewed_at", json!("soon"), Some(AttributeType::String)),
            ("vip", json!(true), Some(AttributeType::Boolean)),
            ("gone", json!(null), None),
        ] {
            assert_eq!(data_type(name, &value), expected, "{name}");
        }
    }
}
