//! What runs in browsers, and how it is served.
//!
//! This folder is a crate and an npm package at once. `recorder/` is what customers put on their sites,
//! `companion/` what it loads where they ask for analytics or the Messenger, `player/` what plays
//! recordings on ours, all TypeScript. `build.rs` has esbuild bundle them; the crate holds the result,
//! and answers requests with it. To work on them: `npm run check` (types), `npm test` (without a
//! browser).

mod asset;

pub use asset::{Asset, Caching, accepts, is_named};

/// The file that `build.mjs` wrote under this name, with what it wrote beside it.
macro_rules! asset {
    ($file:literal, $content_type:literal, $cross_origin:literal) => {
        Asset {
            file_name: include_str!(concat!(env!("OUT_DIR"), "/", $file, ".name")),
            content_type: $content_type,
            integrity: include_str!(concat!(env!("OUT_DIR"), "/", $file, ".integrity")),
            cross_origin: $cross_origin,
            identity: include_bytes!(concat!(env!("OUT_DIR"), "/", $file)),
            gzip: include_bytes!(concat!(env!("OUT_DIR"), "/", $file, ".gz")),
            brotli: include_bytes!(concat!(env!("OUT_DIR"), "/", $file, ".br")),
        }
    };
}

/// What the one script tag of a site loads. Sites elsewhere may check its integrity.
pub const RECORDER: Asset = asset!("recorder.js", "text/javascript; charset=utf-8", true);

/// What the recorder loads beside itself where a tag asks for analytics or the Messenger.
pub const COMPANION: Asset = asset!("companion.js", "text/javascript; charset=utf-8", true);

/// The script of the page that plays a recording.
pub const PLAYER_SCRIPT: Asset = asset!("player.js", "text/javascript; charset=utf-8", false);

/// The style of the page that plays a recording.
pub const PLAYER_STYLE: Asset = asset!("player.css", "text/css; charset=utf-8", false);
