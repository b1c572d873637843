//! A batch of which an event is broken beyond mending: the others are taken out of it.

/// The body with an empty batch, and the texts of the batch's events. `None` if there is no batch to be
/// found.
///
/// Only quotes and brackets count, so whatever is wrong between them stays within its event.
pub(super) fn split(text: &str) -> Option<(String, Vec<&str>)> {
    let mut before = "";
    let mut depth = 0_u32;
    let mut cursor = Cursor { text, at: 0 };
    while let Some((at, token)) = cursor.next() {
        match token {
            Token::String(key) if depth == 1 => before = key,
            Token::Open if depth == 1 && before == "batch" && text.as_bytes()[at] == b'[' => {
                let (events, end) = elements(text, at + 1)?;
                return Some((format!("{}[]{}", &text[..at], &text[end..]), events));
            }
            Token::Open => depth += 1,
            Token::Close => depth = depth.checked_sub(1)?,
            Token::String(_) | Token::Comma => {}
        }
    }
    None
}

/// The elements of the list that begins at `start`, and where what comes after it begins.
fn elements(text: &str, start: usize) -> Option<(Vec<&str>, usize)> {
    let mut elements = Vec::new();
    let mut begin = start;
    let mut depth = 0_u32;
    let mut cursor = Cursor { text, at: start };
    while let Some((at, token)) = cursor.next() {
        match token {
            Token::Open => depth += 1,
            Token::Close if depth == 0 => {
                elements.push(&text[begin..at]);
                elements.retain(|element| !element.trim().is_empty());
                return Some((elements, at + 1));
            }
            Token::Close => depth -= 1,
            Token::Comma if depth == 0 => {
                elements.push(&text[begin..at]);
                begin = at + 1;
            }
            Token::Comma | Token::String(_) => {}
        }
        if elements.len() > super::MAX_EVENTS + 1 {
            return None;
        }
    }
    None
}

enum Token<'a> {
    Open,
    Close,
    Comma,
    /// What stands between quotes, escapes and all.
    String(&'a str),
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The next token, and where it begins.
    fn next(&mut self) -> Option<(usize, Token<'a>)> {
        loop {
            let at = self.at;
            self.at += 1;
            return Some((
                at,
                match self.text.as_bytes().get(at)? {
                    b'{' | b'[' => Token::Open,
                    b'}' | b']' => Token::Close,
                    b',' => Token::Comma,
                    b'"' => Token::String(self.string()?),
                    _ => continue,
                },
            ));
        }
    }

    fn string(&mut self) -> Option<&'a str> {
        let start = self.at;
        loop {
            let byte = self.text.as_bytes().get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => return self.text.get(start..self.at - 1),
                b'\\' => self.at += 1,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_found_around_a_broken_one() {
        let text =
            r#"{"x":[{"batch":[1]}],"batch": [{"a":"]},\""},{"b":undefined}, {"c":[1,2]},],"k":1}"#;
        let (around, events) = split(text).unwrap();
        assert_eq!(around, r#"{"x":[{"batch":[1]}],"batch": [],"k":1}"#);
        assert_eq!(
            events,
            [r#"{"a":"]},\""}"#, r#"{"b":undefined}"#, r#" {"c":[1,2]}"#]
        );
        for text in [
            "",
            "{}",
            r#"{"batch":[{"#,
            r#"{"batch":"[]"}"#,
            "}}}",
            r#"{"batch":["a\"#,
        ] {
            assert!(split(text).is_none(), "{text}");
        }
    }
}
