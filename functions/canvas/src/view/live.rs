//! Who is on the site right now.

use intercom::canvas::{Markdown, Text};
use pages::format;
use store::SessionRow;

use super::frame::Frame;

/// Longest page name, characters: the line must not wrap.
const MAX_PAGE_CHARS: usize = 28;

/// Says so when one of these sessions, newest first, is live, and on which page.
pub(crate) fn draw<'a>(
    sessions: impl IntoIterator<Item = &'a SessionRow>,
    frame: &Frame,
) -> Option<Text> {
    let live = sessions
        .into_iter()
        .find(|row| row.summary.is_live(frame.now))?;
    let page = live.summary.last_url.as_deref().map(format::page);
    let place = page.map_or("your site".to_owned(), |page| {
        format::clip(&page, MAX_PAGE_CHARS)
    });
    Some(Text::paragraph(
        Markdown::new()
            .plain("● ")
            .bold(&format!("Live now on {place}")),
    ))
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
        let drawn = serde_json::to_value(draw(&[live], &frame())).unwrap();
        assert_eq!(
            drawn["text"],
            "● **Live now on /a∗∗b/(x)(https://evil.exam…**"
        );
        assert_eq!(draw(&[row("s1", "2026-11-20T11:00:00Z")], &frame()), None);
    }
}
