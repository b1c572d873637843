//! What of a message's HTML stays.

use audience::html::{Channel, sanitize};
use proptest::prelude::*;

#[test]
fn what_the_document_names_stays_and_everything_else_goes() {
    for (html, in_app) in [
        (
            "<h1>Hi</h1><p><strong>a</strong> <em>b</em></p>",
            "<h1>Hi</h1><p><strong>a</strong> <em>b</em></p>",
        ),
        (
            "x<sub>1</sub><sup>2</sup><small>s</small><strike>t</strike>",
            "x<sub>1</sub><sup>2</sup><small>s</small><strike>t</strike>",
        ),
        (
            "<ul><li>a</li></ul><ol start=\"3\"><li>b</li></ol>",
            "<ul><li>a</li></ul><ol start=\"3\"><li>b</li></ol>",
        ),
        (
            "<table><tbody><tr><td colspan=\"2\" onclick=\"x()\">a</td></tr></tbody></table>",
            "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody></table>",
        ),
        (
            "<img src=\"https://a.example/b.png\" alt=\"b\">",
            "<img src=\"https://a.example/b.png\" alt=\"b\">",
        ),
        ("<img src=\"http://a.example/b.png\">", "<img>"),
        (
            "<a href=\"https://a.example\">a</a>",
            "<a href=\"https://a.example\" rel=\"noopener noreferrer\">a</a>",
        ),
        (
            "<a href=\"/here\">a</a>",
            "<a rel=\"noopener noreferrer\">a</a>",
        ),
        ("<form><button>Buy</button></form>", "Buy"),
        ("a<style>p{}</style>b", "ab"),
        ("a &amp; b &lt; c", "a &amp; b &lt; c"),
        ("a <!-- b --> c", "a  c"),
    ] {
        assert_eq!(sanitize(html, Channel::InApp).html, in_app, "{html}");
    }
}

#[test]
fn whoever_writes_is_told_what_was_taken_out() {
    let body = sanitize(
        "<p>a</p><Form><input></form><svg></svg> 1 < 2",
        Channel::InApp,
    );
    assert_eq!(body.removed, ["form", "input", "svg"]);
    assert!(sanitize("<p>a</p>", Channel::InApp).removed.is_empty());
}

#[test]
fn only_videos_of_youtube_and_vimeo_are_shown_and_e_mails_have_a_picture() {
    let frame = |address: &str| {
        format!("<p>a</p><iframe src=\"{address}\" onload=\"x()\">b</iframe><p>c</p>")
    };
    for address in [
        "https://www.youtube.com/embed/dQw4w9WgXcQ?autoplay=1",
        "http://youtube.com/embed/dQw4w9WgXcQ/",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    ] {
        let body = sanitize(&frame(address), Channel::InApp);
        assert_eq!(
            body.html,
            "<p>a</p><iframe src=\"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ\" width=\"480\" height=\"270\" allowfullscreen></iframe><p>c</p>",
            "{address}"
        );
        let body = sanitize(&frame(address), Channel::Email);
        assert_eq!(
            body.html,
            "<p>a</p><a href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ\" rel=\"noopener noreferrer\"><img src=\"https://img.youtube.com/vi/dQw4w9WgXcQ/hqdefault.jpg\" alt=\"Watch the video\" width=\"480\" height=\"360\"></a><p>c</p>"
        );
    }
    let vimeo = sanitize(
        &frame("https://player.vimeo.com/video/76979871"),
        Channel::Email,
    );
    assert_eq!(
        vimeo.html,
        "<p>a</p><a href=\"https://vimeo.com/76979871\" rel=\"noopener noreferrer\">Watch the video</a><p>c</p>"
    );
    for address in [
        "https://evil.example/embed/x",
        "https://www.youtube.com.evil.example/embed/x",
        "https://www.youtube.com@evil.example/embed/x",
        "https://www.youtube.com:444/embed/x",
        "https://www.youtube.com/watch?v=x",
        "https://player.vimeo.com/video/../x",
        "ftp://www.youtube.com/embed/x",
        "",
    ] {
        for channel in [Channel::InApp, Channel::Email] {
            let body = sanitize(&frame(address), channel);
            assert_eq!(body.html, "<p>a</p><p>c</p>", "{address}");
            assert_eq!(body.removed, ["iframe"], "{address}");
        }
    }
}

#[test]
fn a_video_in_a_link_is_no_link_in_a_link() {
    let html = "<a href=\"https://a.example\">a <iframe src=\"https://player.vimeo.com/video/7\"></iframe> b</a>";
    assert_eq!(
        sanitize(html, Channel::Email).html,
        "<a href=\"https://a.example\" rel=\"noopener noreferrer\">a </a><a href=\"https://vimeo.com/7\" rel=\"noopener noreferrer\">Watch the video</a> b"
    );
}

proptest! {
    /// What comes out runs nothing, and coming in again it comes out the same.
    #[test]
    fn nothing_that_comes_out_runs(html in "([<>/=\"' a-z]|<p>|</p>|<a href=\"|<img src=\"|script|javascript:|onload=|<iframe src=\"https://www.youtube.com/embed/a\">|</iframe>|&#60;){0,30}") {
        for channel in [Channel::InApp, Channel::Email] {
            let body = sanitize(&html, channel).html;
            let lower = body.to_ascii_lowercase();
            prop_assert!(!lower.contains("<script") && !lower.contains("href=\"javascript:"));
            for tag in body.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
                let mut attributes = tag.split('"').step_by(2);
                prop_assert!(!attributes.any(|name| name.contains(" on")), "{}", body);
            }
            prop_assert_eq!(sanitize(&body, channel).html, body);
        }
    }
}
