//! What the fake Intercom does not do.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::LINK;
use http::{HeaderValue, StatusCode};

use crate::fake::error_list;

/// An error, in Intercom's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declined {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// The path of what is meant.
    canonical: Option<String>,
}

impl Declined {
    /// A status that is none is a failure of the server.
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code,
            message: message.into(),
            canonical: None,
        }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "parameter_invalid", message)
    }

    pub(super) fn no_contact() -> Self {
        Self::new(404, "not_found", "User Not Found")
    }

    pub(super) fn no_company() -> Self {
        Self::new(404, "company_not_found", "Company Not Found")
    }

    /// Since version 2.16; before that it is [`Self::no_contact`].
    pub(super) fn merged(into: &str) -> Self {
        let said = "This contact has been merged. See the 'Link' header for the canonical contact.";
        Self {
            canonical: Some(format!("/contacts/{into}")),
            ..Self::new(410, "contact_merged", said)
        }
    }

    /// As recorded of Intercom.
    pub(super) fn taken(id: &str, archived: bool) -> Self {
        let which = if archived { "An archived" } else { "A" };
        let said = format!("{which} contact matching those details already exists with id={id}");
        Self::new(409, "conflict", said)
    }
}

impl IntoResponse for Declined {
    fn into_response(self) -> Response {
        let body = Json(error_list(self.code, &self.message));
        let mut response = (self.status, body).into_response();
        let link = self
            .canonical
            .map(|path| format!("<{path}>; rel=\"canonical\""));
        if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}
