//! The HTML of a message: what Intercom's own documentation names, and nothing else.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use ammonia::{Builder, UrlRelative};
use url::Url;

/// Where a message is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// In the Messenger.
    InApp,
    /// In a mail program, most of which show no frames.
    Email,
}

/// A body as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The HTML.
    pub html: String,
    /// The names of the tags that were taken out, in the alphabet's order.
    pub removed: Vec<String>,
}

/// Tags that stay. The document of 2013 names headings, text, tables, lists, images and frames; paragraphs,
/// links, line breaks, quotes and code are what Intercom's own editor writes.
const TAGS: [&str; 41] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "caption",
    "col",
    "colgroup",
    "del",
];

/// Makes a body safe: other tags go, their text stays, but for what no text is meant by (scripts, styles).
#[must_use]
pub fn sanitize(html: &str, channel: Channel) -> Body {
    let mut removed = BTreeSet::new();
    note_removed(html, &mut removed);
    let builder = builder();
    let clean = builder.clean(html).to_string();
    let mut html = frames(&clean, channel, &mut removed);
    if channel == Channel::Email {
        // A video in a link became a link in a link, which HTML does not have.
        html = builder.clean(&html).to_string();
    }
    Body {
        html,
        removed: removed.into_iter().collect(),
    }
}

fn builder() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from([
            "script", "style", "title", "template", "noscript",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            (
                "img",
                HashSet::from(["src", "alt", "width", "height", "title"]),
            ),
            ("iframe", HashSet::from(["src"])),
            ("td", HashSet::from(["colspan", "rowspan", "align"])),
            ("th", HashSet::from(["colspan", "rowspan", "align"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["https", "http", "mailto", "tel"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer"))
        .attribute_filter(|tag, attribute, value| match (tag, attribute) {
            ("img", "src") => is_https(value).then_some(Cow::Borrowed(value)),
            ("iframe", "src") => video(value).map(|video| Cow::Owned(video.player())),
            (_, "width" | "height" | "colspan" | "rowspan" | "start") => {
                let is_number = value.len() <= 4 && value.bytes().all(|byte| byte.is_ascii_digit());
                is_number.then_some(Cow::Borrowed(value))
            }
            _ => Some(Cow::Borrowed(value)),
        });
    builder
}

fn is_https(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.scheme() == "https")
}

/// Notes which tags are not among those that stay.
fn note_removed(html: &str, removed: &mut BTreeSet<String>) {
    const MOST: usize = 50;
    let opened = html.match_indices('<').map(|(at, _)| &html[at + 1..]);
    for tag in opened {
        let end = tag.find(|char: char| !char.is_ascii_alphanumeric() && char != '-');
        let name = tag[..end.unwrap_or(tag.len())].to_ascii_lowercase();
        let is_tag = name.starts_with(|char: char| char.is_ascii_alphabetic()) && name.len() <= 40;
        if is_tag && !TAGS.contains(&name.as_str()) && removed.len() < MOST {
            removed.insert(name);
        }
    }
}

/// A video that may be shown.
struct Video {
    host: VideoHost,
    id: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum VideoHost {
    YouTube,
    Vimeo,
}

impl Video {
    fn player(&self) -> String {
        let id = &self.id;
        match self.host {
            VideoHost::YouTube => format!("https://www.youtube-nocookie.com/embed/{id}"),
            VideoHost::Vimeo => format!("https://player.vimeo.com/video/{id}"),
        }
    }

    fn page(&self) -> String {
        let id = &self.id;
        match self.host {
            VideoHost::YouTube => format!("https://www.youtube.com/watch?v={id}"),
            VideoHost::Vimeo => format!("https://vimeo.com/{id}"),
        }
    }

    fn frame(&self) -> String {
        let player = self.player();
        format!("<iframe src=\"{player}\" width=\"480\" height=\"270\" allowfullscreen></iframe>")
    }

    /// What stands for it where no frame is shown: a picture that leads to it, where its host has one.
    fn placeholder(&self) -> String {
        let page = self.page();
        let inner = match self.host {
            VideoHost::YouTube => {
                let id = &self.id;
                let picture = format!("https://img.youtube.com/vi/{id}/hqdefault.jpg");
                format!(
                    "<img src=\"{picture}\" alt=\"Watch the video\" width=\"480\" height=\"360\">"
                )
            }
            VideoHost::Vimeo => "Watch the video".to_owned(),
        };
        format!("<a href=\"{page}\" rel=\"noopener noreferrer\">{inner}</a>")
    }
}

/// The video that an address of a player names; `None` for every other address.
fn video(address: &str) -> Option<Video> {
    let url = Url::parse(address).ok()?;
    let is_plain = ["https", "http"].contains(&url.scheme())
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    is_plain.then_some(())?;
    let (host, prefix) = match url.host_str()? {
        "www.youtube.com" | "youtube.com" | "www.youtube-nocookie.com" => {
            (VideoHost::YouTube, "/embed/")
        }
        "player.vimeo.com" => (VideoHost::Vimeo, "/video/"),
        _ => return None,
    };
    let id = url.path().strip_prefix(prefix)?.trim_end_matches('/');
    let is_id = |char: char| char.is_ascii_alphanumeric() || char == '-' || char == '_';
    let fits = (1..=64).contains(&id.len()) && id.chars().all(is_id);
    fits.then(|| Video {
        host,
        id: id.to_owned(),
    })
}

/// Frames are written anew for the Messenger, as pictures for e-mails; those without an address go. What is
/// read here is what the sanitizer wrote, so a frame is spelled in one way only.
fn frames(clean: &str, channel: Channel, removed: &mut BTreeSet<String>) -> String {
    const OPEN: &str = "<iframe";
    const CLOSE: &str = "</iframe>";
    let mut written = String::with_capacity(clean.len());
    let mut rest = clean;
    while let Some(start) = rest.find(OPEN) {
        let (before, frame) = rest.split_at(start);
        written.push_str(before);
        let end = frame
            .find(CLOSE)
            .map_or(frame.len(), |end| end + CLOSE.len());
        let (frame, after) = frame.split_at(end);
        let source = frame
            .split_once(" src=\"")
            .and_then(|(_, after)| after.split('"').next());
        match (source.and_then(video), channel) {
            // Without what stood in it: no browser shows that, and others may read it as HTML.
            (Some(video), Channel::InApp) => written.push_str(&video.frame()),
            (Some(video), Channel::Email) => written.push_str(&video.placeholder()),
            (None, _) => {
                removed.insert("iframe".to_owned());
            }
        }
        rest = after;
    }
    written.push_str(rest);
    written
}
