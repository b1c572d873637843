//! What a browser sends from a form: `application/x-www-form-urlencoded`.

use std::collections::HashMap;
use std::fmt;

use lambda_http::http::HeaderMap;
use lambda_http::http::header::CONTENT_TYPE;

/// The fields of a form. Of a field that comes twice the first counts. Debug does not show their values.
pub struct Form(HashMap<String, String>);

/// The body is no form of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// It says that it is something else.
    #[error("the body is not application/x-www-form-urlencoded")]
    OtherType,
    /// Over [`Form::MAX_BYTES`] or [`Form::MAX_FIELDS`].
    #[error("the form is too large")]
    TooLarge,
}

impl Form {
    /// Largest body, bytes.
    pub const MAX_BYTES: usize = 16 * 1_024;

    /// Most fields.
    pub const MAX_FIELDS: usize = 100;

    /// Reads a body.
    ///
    /// # Errors
    /// Says why it is not a form of ours.
    pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, FormError> {
        let essence = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .unwrap_or_default();
        if !essence
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        {
            return Err(FormError::OtherType);
        }
        if body.len() > Self::MAX_BYTES {
            return Err(FormError::TooLarge);
        }
        let mut fields = HashMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            fields
                .entry(name.into_owned())
                .or_insert_with(|| value.into_owned());
            if fields.len() > Self::MAX_FIELDS {
                return Err(FormError::TooLarge);
            }
        }
        Ok(Self(fields))
    }

    /// The value of a field without the space around it; `None` when the field did not come.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim())
    }

    /// Whether a checkbox is checked: browsers send nothing for one that is not.
    #[must_use]
    pub fn is_checked(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::http::HeaderValue;

    use super::*;

    fn parse(content_type: &'static str, body: &str) -> Result<Form, FormError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Form::parse(&headers, body.as_bytes())
    }

    const FORM: &str = "application/x-www-form-urlencoded";

    #[test]
    fn fields_are_decoded_and_the_first_of_two_counts() {
        let form = parse(FORM, "name=+A%26b+%C3%A4&on=&name=second&bad=%ff%zz").unwrap();
        assert_eq!(form.get("name"), Some("A&b ä"));
        assert!(form.is_checked("on") && !form.is_checked("off"));
        assert_eq!(form.get("bad"), Some("\u{fffd}%zz"));
        assert!(!format!("{form:?}").contains("A&b"));
    }

    #[test]
    fn only_forms_of_bounded_size_are_read() {
        let parameters = "Application/X-WWW-Form-urlencoded; charset=UTF-8";
        assert!(parse(parameters, "a=1").is_ok());
        for other in ["", "application/json", "multipart/form-data", "text/plain"] {
            assert_eq!(parse(other, "a=1").unwrap_err(), FormError::OtherType);
        }
        let long = format!("a={}", "x".repeat(Form::MAX_BYTES));
        let many: String = (0..=Form::MAX_FIELDS).map(|n| format!("f{n}=1&")).collect();
        for large in [long, many] {
            assert_eq!(parse(FORM, &large).unwrap_err(), FormError::TooLarge);
        }
    }
}
