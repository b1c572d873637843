//! For whom an event is meant: the `integrations` of an event.

use serde::de::{IgnoredAny, MapAccess};
use serde::{Deserialize, Serialize};

use crate::Fields;
use crate::json::{FromParts, Json, Sent};

/// Names under which Intercom is meant: Segment's and `RudderStack`'s, in any case of letters.
const NAMES: [&str; 4] = [
    "intercom",
    "intercom cloud mode (actions)",
    "actions intercom cloud",
    "intercom_v2",
];

/// What `integrations` says.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Destinations {
    /// For everybody who is not named.
    all: Option<bool>,
    /// For Intercom: yes, no, or with options, which means yes.
    intercom: Option<Json>,
}

impl Destinations {
    /// Whether Intercom is meant. Named, it goes by that; else by `All`; and everybody is meant unless said.
    #[must_use]
    pub fn includes_intercom(&self) -> bool {
        match &self.intercom {
            Some(Json::Object(_)) => true,
            Some(value) => value.as_flag().unwrap_or(true),
            None => self.all.unwrap_or(true),
        }
    }

    /// Intercom's options.
    #[must_use]
    pub fn options(&self) -> Option<&Fields> {
        self.intercom.as_ref()?.as_fields()
    }

    /// Takes up what `others` says and this does not.
    pub(crate) fn fill_from(&mut self, others: &Self) {
        self.all = self.all.or(others.all);
        if self.intercom.is_none() {
            self.intercom.clone_from(&others.intercom);
        }
    }
}

impl<'de> FromParts<'de> for Destinations {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut read = Self::default();
        while let Some(key) = map.next_key::<String>()? {
            if key.eq_ignore_ascii_case("all") {
                let Sent(value) = map.next_value()?;
                read.all = value.as_flag();
            } else if NAMES.iter().any(|name| key.eq_ignore_ascii_case(name)) {
                let Sent(value) = map.next_value()?;
                read.intercom = Some(value).filter(|value| *value != Json::Null);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(read)
    }
}
