//! `intercom_user_jwt`: a JWT (RFC 7519) under HS256, whose claims name the visitor.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{IdentitySecret, SIGNATURE_BYTES};

/// Longest JWT that is read, bytes. It may hold any attribute of a user's, and travels in one request.
pub const MAX_JWT_BYTES: usize = 8 << 10;

/// How far the clock of whoever signed may be ahead of ours, seconds.
const CLOCK_TOLERANCE: f64 = 60.0;

/// A JWT as it was sent. What it says is worth nothing before [`Self::is_signed_with`].
pub struct UserJwt {
    signed: String,
    signature: [u8; SIGNATURE_BYTES],
    names: UserClaims,
    expires_at: Option<f64>,
    valid_from: Option<f64>,
}

/// Whom a JWT names. Personal data, so there is no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct UserClaims {
    /// The site's own id of the user; a number is taken as its text.
    pub user_id: String,
    /// The e-mail address, if it has one.
    pub email: Option<String>,
}

/// A text that is no JWT of Intercom's Messenger. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Not three parts of base64url, JSON in the first two; or longer than [`MAX_JWT_BYTES`].
    #[error("the JWT is malformed")]
    Malformed,
    /// Signed otherwise than by HS256, or not at all.
    #[error("the JWT is not signed by HS256")]
    Algorithm,
    /// It names nobody.
    #[error("the JWT has no user_id")]
    NoUserId,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Extensions that must be understood (RFC 7515 section 4.1.11): we know none.
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Payload {
    user_id: Option<Value>,
    email: Option<Value>,
    exp: Option<f64>,
    nbf: Option<f64>,
}

#[derive(Serialize)]
struct NewHeader {
    alg: &'static str,
    typ: &'static str,
}

#[derive(Serialize)]
struct NewPayload<'a> {
    user_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    exp: i64,
}

impl UserJwt {
    /// Reads a JWT, and verifies nothing.
    ///
    /// # Errors
    /// When it is none that the Messenger would take, whatever it is signed with.
    pub fn parse(jwt: &str) -> Result<Self, JwtError> {
        if jwt.len() > MAX_JWT_BYTES {
            return Err(JwtError::Malformed);
        }
        let (signed, signature) = jwt.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwtError::Malformed)?;
        let header: Header = decoded(header)?;
        if header.alg != "HS256" || header.crit.is_some() {
            return Err(JwtError::Algorithm);
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok();
        let signature = signature.and_then(|bytes| bytes.try_into().ok());
        let payload: Payload = decoded(payload)?;
        Ok(Self {
            signed: signed.to_owned(),
            signature: signature.ok_or(JwtError::Malformed)?,
            names: UserClaims {
                user_id: text(payload.user_id).ok_or(JwtError::NoUserId)?,
                email: text(payload.email),
            },
            expires_at: payload.exp,
            valid_from: payload.nbf,
        })
    }

    /// Whether it is signed with this secret, in constant time.
    #[must_use]
    pub fn is_signed_with(&self, secret: &IdentitySecret) -> bool {
        let mac = secret.0.clone().chain_update(self.signed.as_bytes());
        mac.verify_slice(&self.signature).is_ok()
    }

    /// Whether it is good now, as far as it says from when and until when.
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "exact for 285 million years")]
        let now = now.as_second() as f64;
        self.expires_at.is_none_or(|end| now < end)
            && self
                .valid_from
                .is_none_or(|start| now + CLOCK_TOLERANCE >= start)
    }

    /// Whom it names.
    #[must_use]
    pub fn names(&self) -> &UserClaims {
        &self.names
    }
}

/// A JWT that names somebody until `expires_at`.
///
/// # Errors
/// [`JwtError::Malformed`] for names that would make it longer than [`MAX_JWT_BYTES`].
pub fn sign_user_jwt(
    secret: &IdentitySecret,
    names: &UserClaims,
    expires_at: Timestamp,
) -> Result<String, JwtError> {
    let header = encoded(&NewHeader {
        alg: "HS256",
        typ: "JWT",
    })?;
    let payload = encoded(&NewPayload {
        user_id: &names.user_id,
        email: names.email.as_deref(),
        exp: expires_at.as_second(),
    })?;
    let signed = format!("{header}.{payload}");
    let mac = secret.0.clone().chain_update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    let jwt = format!("{signed}.{signature}");
    match jwt.len() <= MAX_JWT_BYTES {
        true => Ok(jwt),
        false => Err(JwtError::Malformed),
    }
}

/// A text, or a number as its text; nothing else names anybody.
fn text(claim: Option<Value>) -> Option<String> {
    match claim? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn decoded<T: DeserializeOwned>(part: &str) -> Result<T, JwtError> {
    let json = URL_SAFE_NO_PAD.decode(part);
    let json = json.map_err(|_| JwtError::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| JwtError::Malformed)
}

fn encoded(part: &impl Serialize) -> Result<String, JwtError> {
    let json = serde_json::to_vec(part).map_err(|_| JwtError::Malformed)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

#[cfg(test)]
mod tests;
