//! Reports of other recorders, rebuilt as events: what is right for each.
//!
//! Three of them are for others to try: `two-accounts-one-email` is about who somebody is, `three-hour-gap`
//! about the player, and for `enter-key-held` only the upper bound is settled.

use crate::figure::Right::{self, Is, Within};

/// The report and its figures.
pub(crate) const REPORTS: &[(&str, &[(&str, Right)])] = &[
    (
        "clock-set-back",
        &[("clicks", Is(2)), ("dead_clicks", Is(0)), ("pages", Is(1))],
    ),
    (
        "clock-set-back-hour",
        &[("clicks", Is(2)), ("dead_clicks", Is(0))],
    ),
    (
        "custom-event-outbound-link",
        &[("pages", Is(1)), ("clicks", Is(1))],
    ),
    (
        "dead-anchor-href-hash",
        &[("clicks", Is(2)), ("dead_clicks", Is(2))],
    ),
    (
        "dead-anchor-no-href-role",
        &[("clicks", Is(2)), ("dead_clicks", Is(2))],
    ),
    (
        "disabled-button-pressed",
        &[("clicks", Is(0)), ("dead_clicks", Is(0))],
    ),
    (
        "double-click-opens",
        &[
            ("clicks", Is(2)),
            ("dead_clicks", Is(0)),
            ("rage_clicks", Is(0)),
        ],
    ),
    (
        "editable-typing",
        &[
            ("clicks", Is(2)),
            ("dead_clicks", Is(0)),
            ("fields_edited", Is(1)),
            ("active_ms", Within(14_500, 17_500)),
            ("idle_rows", Is(0)),
        ],
    ),
    ("enter-key-held", &[("rage_clicks", Within(0, 1))]),
    (
        "enter-sends-form",
        &[
            ("clicks", Is(1)),
            ("fields_edited", Is(1)),
            ("dead_clicks", Is(0)),
        ],
    ),
    (
        "file-chooser-button",
        &[
            ("clicks", Is(1)),
            ("dead_clicks", Is(0)),
            ("slow_clicks", Is(0)),
        ],
    ),
    ("fullscreen", &[("clicks", Is(1)), ("dead_clicks", Is(0))]),
    (
        "label-slow-handler",
        &[("clicks", Is(3)), ("dead_clicks", Is(0))],
    ),
    (
        "looping-hero-video",
        &[("active_ms", Within(0, 11_000)), ("idle_rows", Is(1))],
    ),
    (
        "masked-quantity-stepper",
        &[
            ("clicks", Is(5)),
            ("rage_clicks", Is(0)),
            ("dead_clicks", Is(0)),
            ("fields_edited", Is(0)),
        ],
    ),
    (
        "native-confirm-accept",
        &[
            ("clicks", Is(2)),
            ("dead_clicks", Is(0)),
            ("slow_clicks", Is(0)),
        ],
    ),
    (
        "plain-rrweb-back-from-bfcache",
        &[("pages", Is(3)), ("clicks", Is(4)), ("dead_clicks", Is(1))],
    ),
    (
        "popover-button",
        &[("clicks", Is(1)), ("dead_clicks", Is(0))],
    ),
    (
        "reload-recorder-started-after-load",
        &[("clicks", Is(1)), ("dead_clicks", Is(0))],
    ),
    (
        "reported-dom-exception",
        &[
            ("console_warnings", Is(0)),
            ("js_errors", Is(1)),
            ("error_clicks", Is(1)),
            ("error_rows_without_words", Is(0)),
        ],
    ),
    (
        "script-ticks-an-input",
        &[("active_ms", Within(0, 11_000)), ("fields_edited", Is(0))],
    ),
    (
        "sentry-sdk-real",
        &[
            ("clicks", Is(1)),
            ("failed_requests", Is(1)),
            ("dead_clicks", Is(0)),
        ],
    ),
    (
        "sentry-span-seconds",
        &[
            ("failed_requests", Is(1)),
            ("dead_clicks", Is(0)),
            ("duration_ms", Within(8_500, 9_500)),
        ],
    ),
    (
        "three-hour-gap",
        &[
            ("clicks", Is(2)),
            ("dead_clicks", Is(0)),
            ("idle_rows", Is(1)),
        ],
    ),
    (
        "touch-toggle",
        &[
            ("clicks", Is(4)),
            ("rage_clicks", Is(0)),
            ("dead_clicks", Is(0)),
        ],
    ),
    (
        "triple-click-selects-paragraph",
        &[
            ("clicks", Is(4)),
            ("rage_clicks", Is(0)),
            ("dead_clicks", Is(0)),
        ],
    ),
    (
        "uncaught-chrome",
        &[
            ("js_errors", Is(1)),
            ("console_errors", Is(0)),
            ("error_clicks", Is(1)),
        ],
    ),
    (
        "uncaught-firefox",
        &[
            ("js_errors", Is(1)),
            ("console_errors", Is(0)),
            ("error_clicks", Is(1)),
        ],
    ),
];
