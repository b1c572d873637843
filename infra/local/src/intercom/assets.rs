//! The Inbox page's files: ours, compiled in, nothing from elsewhere.

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Declares each file with its path on the server and its content type.
macro_rules! assets {
    ($($path:literal => $file:literal $content_type:expr;)*) => {
        /// Path, content type, content.
        pub(super) const ASSETS: &[(&str, &str, &str)] =
            &[$(($path, $content_type, include_str!(concat!("../../inbox/", $file)))),*];
    };
}

assets! {
    "/" => "index.html" HTML;
    "/inbox/inbox.css" => "inbox.css" STYLE;
    "/inbox/inbox.js" => "inbox.js" SCRIPT;
    "/inbox/start.js" => "start.js" SCRIPT;
    "/inbox/actions.js" => "actions.js" SCRIPT;
    "/inbox/ask.js" => "ask.js" SCRIPT;
    "/inbox/browser.js" => "browser.js" SCRIPT;
    "/inbox/card.css" => "card.css" STYLE;
    "/inbox/card.js" => "card.js" SCRIPT;
    "/inbox/conversation.js" => "conversation.js" SCRIPT;
    "/inbox/people.js" => "people.js" SCRIPT;
    "/inbox/panel.js" => "panel.js" SCRIPT;
    "/inbox/canvas.css" => "canvas.css" STYLE;
    "/inbox/canvas.js" => "canvas.js" SCRIPT;
    "/inbox/components.js" => "components.js" SCRIPT;
    "/inbox/fields.js" => "fields.js" SCRIPT;
    "/inbox/rules.js" => "rules.js" SCRIPT;
    "/inbox/markdown.js" => "markdown.js" SCRIPT;
    "/inbox/url.js" => "url.js" SCRIPT;
    "/inbox/dom.js" => "dom.js" SCRIPT;
    "/inbox/icon.svg" => "icon.svg" "image/svg+xml";
    "/inbox/pages.css" => "pages.css" STYLE;
    "/gallery" => "gallery.html" HTML;
    "/inbox/gallery.css" => "gallery.css" STYLE;
    "/inbox/gallery.js" => "gallery.js" SCRIPT;
    "/inbox/gallery.json" => "gallery.json" "application/json";
}
