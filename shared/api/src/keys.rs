//! Whom a request speaks for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use identity::OrganizationId;
use jiff::{SignedDuration, Timestamp};
use lambda_http::Request;
use lambda_http::http::header::ORIGIN;
use lambda_http::http::{HeaderMap, StatusCode};
use platform::clock::Clock;
use platform::http::{ApiError, bearer_token};
use sha2::{Digest, Sha256};
use store::{Grant, KeyLookup, KeyScope, Store};
use tracing::Span;

use crate::refusals::{Refusal, Refusals};
use crate::{Error, cors};

/// How long a key that was found is trusted without asking again: so long a revoked key goes on working.
const KNOWN_KEY_LIFETIME: SignedDuration = SignedDuration::from_secs(60);

/// How long a key that was not found stays unknown: short, for it may just have been made.
const UNKNOWN_KEY_LIFETIME: SignedDuration = SignedDuration::from_secs(5);

/// Keys remembered at most. Guessed keys come here too; each entry is some 200 bytes.
const MAX_CACHED_KEYS: usize = 1_000;

/// The keys of all organizations: looked up in the table, and remembered for a while. One per process.
pub struct Keys {
    store: Store,
    clock: Clock,
    known: KnownKeys,
    refusals: Refusals,
}

/// Keys seen lately, by their digest: the keys themselves are not kept.
#[derive(Default)]
struct KnownKeys(Mutex<HashMap<[u8; 32], Known>>);

struct Known {
    key: KeyLookup,
    until: Timestamp,
}

impl KnownKeys {
    fn get(&self, digest: &[u8; 32], now: Timestamp) -> Option<KeyLookup> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = keys.get(digest).filter(|known| known.until > now)?;
        Some(known.key.clone())
    }

    fn remember(&self, digest: [u8; 32], key: KeyLookup, now: Timestamp) {
        let lasts = match key {
            KeyLookup::Good(_) => KNOWN_KEY_LIFETIME,
            KeyLookup::Ended(_) | KeyLookup::Unknown => UNKNOWN_KEY_LIFETIME,
        };
        let until = now.saturating_add(lasts).unwrap_or(now);
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= MAX_CACHED_KEYS {
            keys.retain(|_, known| known.until > now);
        }
        if keys.len() >= MAX_CACHED_KEYS {
            // Somebody is guessing: keep what is good.
            keys.retain(|_, known| matches!(known.key, KeyLookup::Good(_)));
        }
        if keys.len() < MAX_CACHED_KEYS {
            keys.insert(digest, Known { key, until });
        }
    }
}

impl Keys {
    /// The keys in the store. Nothing is remembered yet.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            refusals: Refusals::counted(store.clone(), Refusals::WRITE_INTERVAL),
            store,
            clock,
            known: KnownKeys::default(),
        }
    }

    /// The same keys, whose refusals are counted here.
    #[must_use]
    pub fn with_refusals(self, refusals: Refusals) -> Self {
        Self { refusals, ..self }
    }

    /// What was refused.
    #[must_use]
    pub fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// The grant of a request that may add: with a write key or a secret key, and from a site that may.
    ///
    /// # Errors
    /// 401 without a known key, or from another site than those that the organization allows.
    pub async fn may_add(&self, request: &Request) -> Result<Grant, Error> {
        let grant = match bearer_token(request.headers()) {
            Some(key) => self.grant(key).await?,
            None => self.in_address(request).await?.ok_or_else(missing_key)?,
        };
        if grant.scope == KeyScope::Source {
            return Err(self.refuse_source_key(&grant));
        }
        self.admit(grant, request.headers())
    }

    /// The grant of a request that may read: with a secret key only, and only in a header.
    ///
    /// # Errors
    /// 401 with any other key.
    pub async fn may_read(&self, request: &Request) -> Result<Grant, Error> {
        let key = bearer_token(request.headers()).ok_or_else(missing_key)?;
        let grant = self.grant(key).await?;
        record(&grant);
        match grant.scope {
            KeyScope::Secret => Ok(grant),
            KeyScope::Write => Err(self.refuse_key(
                Some(&grant.organization),
                "secret_key_needed",
                "A write key may only add. Reading needs the secret key, from a backend and never from a browser.",
            )),
            KeyScope::Source => Err(self.refuse_source_key(&grant)),
        }
    }

    /// The grant of the write key in a request's address, where a recorder writes it: no header of its own
    /// makes its requests ones that browsers ask about first.
    ///
    /// # Errors
    /// 401 for a key that is not known, and for a secret one: addresses are logged on their way.
    pub async fn in_address(&self, request: &Request) -> Result<Option<Grant>, Error> {
        let query = request.uri().query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let Some((_, key)) = pairs.find(|(name, _)| name == "write_key") else {
            return Ok(None);
        };
        let grant = self.grant(&key).await?;
        match grant.scope {
            KeyScope::Write => Ok(Some(grant)),
            KeyScope::Secret => Err(self.refuse_key(
                Some(&grant.organization),
                "write_key_needed",
                "A secret key does not belong into an address. Replace it, for it may have been seen, and send the \
                 write key.",
            )),
            KeyScope::Source => Err(self.refuse_source_key(&grant)),
        }
    }

    /// What a key grants, wherever a request has it.
    ///
    /// # Errors
    /// 401 for a key that is not known.
    pub async fn grant(&self, key: &str) -> Result<Grant, Error> {
        let now = self.clock.now();
        let digest = Sha256::digest(key).into();
        let key = match self.known.get(&digest, now) {
            Some(known) => known,
            None => {
                let key = self.store.look_up_key(key, now).await?;
                self.known.remember(digest, key.clone(), now);
                key
            }
        };
        let owner = match key {
            KeyLookup::Good(grant) => return Ok(grant),
            KeyLookup::Ended(organization) => Some(organization),
            KeyLookup::Unknown => None,
        };
        Err(self.refuse_key(
            owner.as_ref(),
            "unknown_key",
            "This key is not known, or no longer: check that it was copied whole.",
        ))
    }

    /// The refusal of a key, counted for the organization whose it is or was.
    fn refuse_key(
        &self,
        owner: Option<&OrganizationId>,
        code: &'static str,
        message: &str,
    ) -> Error {
        self.refusals.count(owner, Refusal::Key, self.clock.now());
        unauthorized(code, message)
    }

    fn refuse_source_key(&self, grant: &Grant) -> Error {
        self.refuse_key(
            Some(&grant.organization),
            "not_for_sources",
            "The key of a source lets in tracked events and nothing else: send the write key or the secret key.",
        )
    }

    /// The grant again, for a request from a site that the organization allows.
    ///
    /// # Errors
    /// 401 from another one.
    pub fn admit(&self, grant: Grant, headers: &HeaderMap) -> Result<Grant, Error> {
        if !cors::allows(&grant, headers) {
            let origin = headers.get(ORIGIN);
            let origin = origin.and_then(|origin| origin.to_str().ok());
            let now = self.clock.now();
            self.refusals
                .count_origin(&grant.organization, origin.unwrap_or_default(), now);
            return Err(unauthorized(
                "origin_not_allowed",
                "This site may not send recordings for the organization: add its origin to the allowed ones on the \
                 settings page.",
            ));
        }
        record(&grant);
        Ok(grant)
    }
}

fn record(grant: &Grant) {
    Span::current().record("organization.id", grant.organization.as_str());
}

fn missing_key() -> Error {
    unauthorized(
        "missing_key",
        "Send the organization's key as Authorization: Bearer <key>; a recorder may send its write key in the address, \
         as ?write_key=<key>.",
    )
}

fn unauthorized(code: &'static str, message: &str) -> Error {
    ApiError::new(StatusCode::UNAUTHORIZED, code, message).into()
}

#[cfg(test)]
mod tests {
    use identity::SourceId;
    use store::AllowedOrigins;

    use super::*;

    fn grant() -> KeyLookup {
        KeyLookup::Good(Grant {
            organization: OrganizationId::parse("org_acme").unwrap(),
            scope: KeyScope::Write,
            source: Some(SourceId::site()),
            retention_days: store::RetentionDays::DEFAULT,
            allowed_origins: AllowedOrigins::default(),
            new_sessions_a_minute: None,
            require_signatures: false,
            store_unmasked: false,
        })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn digest(number: usize) -> [u8; 32] {
        Sha256::digest(number.to_be_bytes()).into()
    }

    #[test]
    fn a_found_key_is_remembered_for_a_minute_and_an_unknown_one_for_seconds() {
        let keys = KnownKeys::default();
        keys.remember(digest(1), grant(), at(0));
        keys.remember(digest(2), KeyLookup::Unknown, at(0));
        assert_eq!(keys.get(&digest(1), at(59)), Some(grant()));
        assert_eq!(keys.get(&digest(1), at(60)), None);
        assert_eq!(keys.get(&digest(2), at(4)), Some(KeyLookup::Unknown));
        assert_eq!(keys.get(&digest(2), at(5)), None);
    }

    #[test]
    fn guessing_keys_neither_fills_the_memory_nor_evicts_good_ones() {
        let keys = KnownKeys::default();
        keys.remember(digest(0), grant(), at(0));
        for guess in 1..=10 * MAX_CACHED_KEYS {
            keys.remember(digest(guess), KeyLookup::Unknown, at(0));
        }
        assert!(keys.0.lock().unwrap().len() <= MAX_CACHED_KEYS);
        assert_eq!(keys.get(&digest(0), at(1)), Some(grant()));
    }
}
