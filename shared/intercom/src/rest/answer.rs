//! What a call that worked brought.

use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Error, RateLimit, Unreadable};

/// Intercom's answer to a call that worked. No `Debug`: it may be personal data, or a token.
pub struct Answer {
    pub(super) operation: &'static str,
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    pub(super) rate_limit: Option<RateLimit>,
}

impl Answer {
    /// The answer as `T`, which should ignore fields that it does not know and bear with those that are
    /// missing.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when it is empty, no JSON object, or lacks what `T` cannot do without.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        if self.body.trim_ascii().is_empty() {
            return Err(self.unreadable(Unreadable::Empty));
        }
        let no_object = |_| self.unreadable(Unreadable::NotAnObject);
        // By way of a map: a field sent twice is no error, the last one counts.
        let fields: Map<String, Value> = serde_json::from_slice(&self.body).map_err(no_object)?;
        T::deserialize(Value::Object(fields)).map_err(no_object)
    }

    /// How much more may be asked, as of this answer.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.rate_limit
    }

    pub(super) fn unreadable(&self, problem: Unreadable) -> Error {
        Error::Unreadable {
            operation: self.operation,
            problem,
        }
    }
}

/// What a write brought. No `Debug`: it may be personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Done<T> {
    /// What Intercom answered.
    pub value: T,
    /// With which status: 200, or 202 for what it does later; 404 where what was looked for is not there.
    pub status: StatusCode,
    /// How much more may be asked, as of this answer.
    pub rate_limit: Option<RateLimit>,
}

impl Answer {
    /// The answer with what was read from it.
    pub(super) fn done<T>(&self, value: T) -> Done<T> {
        Done {
            value,
            status: self.status,
            rate_limit: self.rate_limit,
        }
    }
}

impl<T> Done<T> {
    /// The same with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Done<U> {
        Done {
            value: change(self.value),
            status: self.status,
            rate_limit: self.rate_limit,
        }
    }
}
