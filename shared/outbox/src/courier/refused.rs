//! What is left out of a body that Intercom refuses, so that the rest of it is told: step by step, from what
//! the refusal names to all that is not needed.

use http::StatusCode;
use intercom::rest::{Detail, Model, Refusal};
use serde_json::{Map, Value};

use super::{Courier, Progress};
use crate::person::marks::{custom_name, keep, things};

/// By which somebody is found, and which nobody is created without.
const NAMES: [&str; 3] = ["external_id", "email", "role"];

impl Courier<'_> {
    /// Leaves out what the refusal names; else the custom attributes that the workspace does not know, then
    /// all of them, then the fields that nobody needs, then the e-mail address. `false` when the values are
    /// not what is wrong, or nothing would be left to tell.
    pub(super) async fn leave_out_refused(
        &mut self,
        model: Model,
        refusal: &Refusal,
        body: &mut Map<String, Value>,
    ) -> Progress<bool> {
        let is_about_values = matches!(
            refusal.status,
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY
        );
        let is_about_more = matches!(
            refusal.detail,
            Some(Detail::NotALead | Detail::NotRestorable)
        );
        if !is_about_values || is_about_more {
            return Ok(false);
        }
        // Whoever is created needs a name of theirs; a role is said then alone.
        let is_nameless = |body: &Map<String, Value>| {
            body.contains_key("role") && !body.contains_key("external_id")
        };
        if let Some(Detail::Field { name }) = &refusal.detail
            && body.contains_key(*name)
        {
            let is_needed = *name == "email" && is_nameless(body);
            return Ok(!is_needed && self.leave_out_all(body, |each| each == *name));
        }
        let is_custom = |name: &str| name.starts_with("c.");
        let is_left_out = if things(body).any(|(name, _)| is_custom(&name)) {
            let known = self.list_attributes(model).await?;
            let known: Vec<_> = known.iter().map(|name| custom_name(name)).collect();
            let is_unknown = |name: &str| is_custom(name) && !known.iter().any(|each| each == name);
            self.leave_out_all(body, is_unknown) || self.leave_out_all(body, is_custom)
        } else {
            self.leave_out_all(body, |name| !NAMES.contains(&name))
                || (!is_nameless(body) && self.leave_out_all(body, |name| name == "email"))
        };
        // Nobody has to name a company's fields: it is told of by its id.
        Ok(is_left_out && (model == Model::Company || !body.is_empty()))
    }

    /// Leaves out all such things, with a warning each; `false` when there are none.
    fn leave_out_all(
        &mut self,
        body: &mut Map<String, Value>,
        is_meant: impl Fn(&str) -> bool,
    ) -> bool {
        let names = things(body).map(|(name, _)| name);
        let meant: Vec<_> = names.filter(|name| is_meant(name)).collect();
        for name in &meant {
            match name.strip_prefix("c.") {
                Some(name) => self.leave_out(name, body),
                None => {
                    keep(body, |each, _| each != name);
                    self.warn(format!("field_dropped:{name}"));
                }
            }
        }
        !meant.is_empty()
    }
}
