//! What somebody wrote into a form.

use pages::form::Form;
use url::Url;

use super::Notice;

/// Longest text, characters: a form holds 16 KB.
const MAX_TEXT_CHARS: usize = 5_000;

/// Longest subject, characters.
const MAX_SUBJECT_CHARS: usize = 255;

/// Most files: Intercom takes ten.
const MAX_FILES: usize = 10;

/// Longest name of a form, bytes.
const MAX_NAME_BYTES: usize = 64;

/// As it was typed, to be shown again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) text: String,
    pub(crate) subject: String,
    /// Addresses of files, one a line.
    pub(crate) files: String,
    pub(crate) is_email: bool,
}

impl Draft {
    pub(crate) fn read(form: &Form) -> Self {
        let text = |name| form.get(name).unwrap_or_default().to_owned();
        Self {
            text: text("text"),
            subject: text("subject"),
            files: text("files"),
            is_email: form.get("channel") == Some("email"),
        }
    }

    /// The text as HTML, which says the same whatever signs are in it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn html(&self) -> Result<String, Notice> {
        if self.text.is_empty() {
            return Err(wrong("Write something: nothing was sent."));
        }
        if self.text.chars().count() > MAX_TEXT_CHARS {
            return Err(wrong("Write at most 5,000 characters: nothing was sent."));
        }
        let escaped = self
            .text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace("\r\n", "\n");
        let paragraphs = escaped.split("\n\n").map(str::trim);
        let paragraphs = paragraphs.filter(|paragraph| !paragraph.is_empty());
        let html =
            paragraphs.map(|paragraph| format!("<p>{}</p>", paragraph.replace('\n', "<br>")));
        Ok(html.collect())
    }

    /// # Errors
    /// When an e-mail has none.
    pub(crate) fn subject(&self) -> Result<&str, Notice> {
        let length = self.subject.chars().count();
        match (1..=MAX_SUBJECT_CHARS).contains(&length) {
            true => Ok(&self.subject),
            false => Err(wrong(
                "An e-mail needs a subject of at most 255 characters: nothing was sent.",
            )),
        }
    }

    /// Addresses of files that Intercom fetches.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn files(&self) -> Result<Vec<String>, Notice> {
        let lines = self.files.lines().map(str::trim);
        let files: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
        let is_file = |file: &&str| {
            let url = Url::parse(file);
            url.is_ok_and(|url| url.scheme() == "https" && url.has_host())
        };
        match files.len() <= MAX_FILES && files.iter().all(is_file) {
            true => Ok(files.into_iter().map(str::to_owned).collect()),
            false => Err(wrong(
                "Files are at most ten https addresses, one a line: nothing was sent.",
            )),
        }
    }
}

/// What a form is sent under; `None` for what none of ours has.
pub(super) fn name_of(form: &Form) -> Option<&str> {
    let name = form.get("form")?;
    let is_ours = (16..=MAX_NAME_BYTES).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_ours.then_some(name)
}

fn wrong(text: &'static str) -> Notice {
    Notice {
        text,
        is_failure: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, files: &str) -> Draft {
        Draft {
            text: text.to_owned(),
            files: files.to_owned(),
            ..Draft::default()
        }
    }

    #[test]
    fn a_text_says_the_same_as_html() {
        for (text, html) in [
            ("Hi", "<p>Hi</p>"),
            ("1 < 2 & <b>", "<p>1 &lt; 2 &amp; &lt;b&gt;</p>"),
            ("a\r\nb\r\n\r\n\r\nc", "<p>a<br>b</p><p>c</p>"),
        ] {
            assert_eq!(of(text, "").html().unwrap(), html);
        }
        assert!(of("", "").html().is_err());
        assert!(of(&"a".repeat(5_001), "").html().is_err());
    }

    #[test]
    fn files_are_https_addresses_and_few() {
        let two = of("", " https://a.example/1.png \n\nhttps://a.example/2.png");
        assert_eq!(two.files().unwrap().len(), 2);
        for refused in ["http://a.example/1", "1.png", "javascript:alert(1)"] {
            assert!(of("", refused).files().is_err(), "{refused}");
        }
        let many = "https://a.example/1\n".repeat(11);
        assert!(of("", &many).files().is_err());
    }

    #[test]
    fn an_email_needs_a_subject() {
        assert!(of("a", "").subject().is_err());
        let long = Draft {
            subject: "a".repeat(256),
            ..Draft::default()
        };
        assert!(long.subject().is_err());
    }
}
