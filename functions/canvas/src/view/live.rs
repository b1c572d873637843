//! Who is on the site right now.

use identity::PersonId;
use intercom::canvas::{Markdown, Text};
use pages::format;
use store::SessionRow;

use super::frame::Frame;

/// Longest page name, characters: the line must not wrap.
const MAX_PAGE_CHARS: usize = 28;

/// Says so when one of these sessions, newest first, is live, and on which page. `mark` says what is not
/// certain about whose it is.
pub(crate) fn draw<'a>(
    sessions: impl IntoIterator<Item = &'a SessionRow>,
    mark: impl FnOnce(&PersonId) -> Option<&'static str>,
    frame: &Frame,
) -> Option<Text> {
    let live = sessions
        .into_iter()
        .find(|row| row.summary.is_live(frame.now))?;
    let page = live.summary.last_url.as_deref().map(format::page);
    let place = page.map_or("your site".to_owned(), |page| {
        format::clip(&page, MAX_PAGE_CHARS)
    });
    let text = Markdown::new().plain("● ");
    let text = text.bold(&format!("Live now on {place}"));
    Some(Text::paragraph(match mark(&live.person) {
        Some(mark) => text.plain(&format!(" · {mark}")),
        None => text,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::testing::{frame, row};

    #[test]
    fn the_page_is_named_and_cannot_add_markup() {
        let mut live = row("s1", "2026-11-20T11:59:00Z");
        live.summary.last_url =
            Some("https://shop.example/a**b/[x](https://evil.example)".to_owned());
        let drawn = serde_json::to_value(draw(&[live], |_| None, &frame())).unwrap();
        assert_eq!(
            drawn["text"],
            "● **Live now on /a∗∗b/(x)(https://evil.exam…**"
        );
        assert_eq!(
            draw(&[row("s1", "2026-11-20T11:00:00Z")], |_| None, &frame()),
            None
        );
    }
}
