//! Every number that the summary rests on, in one place, under one version.
//!
//! The rules follow what the industry does where it agrees, and measurements against recordings with known
//! truth where it does not. Times are milliseconds, distances CSS pixels. Changing a rule or a number changes
//! [`VERSION`]: it is stored in every summary, and a stored analyzer state of another version is folded anew.

/// Version of these definitions.
pub const VERSION: u32 = 3;

// --- Clicks ---

/// A second click this soon after the first, on another node and without a press of its own, is one that the
/// page or a `<label>` made of the first: nobody clicked twice.
pub const SYNTHETIC_CLICK_MS: i64 = 20;
/// The click that a `<label>` makes on its field comes after the page's handlers of the first one, as long as
/// those take.
pub const LABEL_CLICK_MS: i64 = 1_000;
/// A click this soon after the button or finger went up is that one's, however long it was held.
pub const CLICK_AFTER_RELEASE_MS: i64 = 700;
/// A press (mouse down, touch start) this long before a click on the same node opened it.
pub const PRESS_BEFORE_CLICK_MS: i64 = 1_000;
/// What a page changes on its own is watched for this long before a press.
pub const BACKGROUND_MS: i64 = 5_000;
/// A mutation this soon after somebody did something may be the answer to it: it is not background.
pub const QUIET_AFTER_INTERACTION_MS: i64 = 500;
/// A node that was touched again and again rests when so many of its gaps have passed without a touch,
pub const RESTS_AFTER_GAPS: i64 = 4;
/// and no less than this.
pub const LEAST_REST_MS: i64 = 700;
/// What comes anyway is looked for this long before and after an effect. Recordings of pages have rhythms of
/// up to some ten seconds: banners, polls, clips.
pub const AROUND_EFFECT_MS: i64 = 30_000;
/// Effects are remembered this long: until those [`AROUND_EFFECT_MS`] later are known, and some clicks more.
pub const REMEMBERED_MS: i64 = 90_000;
/// An effect this soon after a press or click needs more to be taken for one that comes anyway: few answers
/// take longer than a frame or two, and few coincidences are so close.
pub const PROMPT_MS: i64 = 100;
/// An effect that comes irregularly, and this share of its mean gap after the click, is an answer: chance
/// brings it so soon once in twenty times.
pub const PROMPT_SHARE: i64 = 20;
/// Shorter rhythms are a hand's: key repeat, quick clicks.
pub const SHORTEST_RHYTHM_MS: i64 = 300;
/// A rhythm that was not heard before the press is one of the page's only if it is so slow.
pub const SLOW_RHYTHM_MS: i64 = 1_000;
/// A request that follows so many presses elsewhere follows every press.
pub const FOLLOWS_PRESSES: usize = 2;
/// Clicks before, and as many after, that are looked at to tell what follows every press.
pub const PRESSES_AROUND: usize = 12;
/// A blurred element without another focus, or press, this soon: the window lost the focus.
pub const FOCUS_MOVES_MS: i64 = 60;
/// Interactions this close together are one streak; its background is what was seen before it began.
pub const STREAK_GAP_MS: i64 = 1_000;
/// Nodes of one kind that change in one area: any other of that kind may be the next.
pub const NODES_OF_A_REGION: usize = 3;
/// A mutation that touches this many times the nodes of the largest background mutation is an answer.
pub const LARGER_THAN_BACKGROUND: usize = 3;
/// The clicked control itself, and the page's root, are background only if touched this often: a hover
/// touches them too (a tooltip, a hover class), and hovering precedes every click.
pub const BACKGROUND_TOUCHES_NEAR_TARGET: usize = 3;

/// A click that gets no response for this long is dead.
pub const DEAD_MS: i64 = 3_000;
/// A response later than [`DEAD_MS`] and no later than this makes the click slow.
pub const SLOW_MS: i64 = 7_000;
/// An input event this soon after a click is its response.
pub const INPUT_RESPONSE_MS: i64 = 500;
/// The focus moved elsewhere this soon after a click is its response.
pub const FOCUS_RESPONSE_MS: i64 = 500;
/// A scroll this soon after a click is its response.
pub const SCROLL_RESPONSE_MS: i64 = 300;
/// An error, or the start of a request, this soon after a click shows that the click did something.
pub const SIDE_EFFECT_MS: i64 = 1_000;
/// So soon after a click must a request be told of whose beginning is not known.
pub const UNTIMED_REQUEST_MS: i64 = 300;
/// Nobody looks for a file for longer.
pub const CHOOSING_MS: i64 = 5 * 60 * 1_000;
/// Recorders tell of the mouse at least every half a second; a place of it that is told of so much later says
/// that the page stood still since.
pub const STANDSTILL_MS: i64 = 900;
/// How far the click that made the page stand still is from that place of the mouse.
pub const STANDSTILL_BEGINS_MS: i64 = 600;
/// A request that begins so close to the end of one without an answer, and asks the same, replaces it.
pub const REPLACED_WITHIN_MS: i64 = 100;
/// A click watched for less than this, because the next one or the end came, is not judged.
pub const LEAST_WATCHED_MS: i64 = 1_000;
/// What stands at most this many levels above the clicked node is near it.
pub const NEAR_TARGET_LEVELS: usize = 3;
/// Dead clicks, and slow ones, on the same control with gaps up to this are one episode.
pub const EPISODE_GAP_MS: i64 = 1_000;
/// A change of the pressed control that is undone within this time is a press animation, not a response.
pub const PRESS_ANIMATION_MS: i64 = 1_000;
/// Undone this soon after a later press, a change was toggled, not animated.
pub const TOGGLE_MS: i64 = 50;
/// A late mutation this close to the end of a request made by the click is the answer to that request.
pub const REQUEST_ANSWER_MS: i64 = 500;

/// Clicks that make a rage click (PostHog's and Datadog's public default).
pub const RAGE_CLICKS: usize = 3;
/// Longest gap from click to click in a rage click (same sources).
pub const RAGE_GAP_MS: i64 = 1_000;
/// Farthest that a click of a rage click may be from its first one (PostHog's public default).
pub const RAGE_RADIUS_PX: f32 = 30.0;
/// A click with a response of its own this soon was answered; a burst with half of its clicks answered is
/// somebody using a stepper, not rage.
pub const RAGE_ANSWER_MS: i64 = 500;

/// A JavaScript error this soon after a click makes it an error click.
pub const ERROR_CLICK_MS: i64 = 1_000;

// --- Time ---

/// Gaps up to this between user events count as active. Equals rrweb-player's "skip inactivity", so the
/// number in the panel is what the teammate sees when skipping.
pub const ACTIVE_GAP_MS: i64 = 10_000;
/// A gap this long between user events is worth a row in the timeline.
pub const IDLE_MS: i64 = 30_000;
/// A scroll after a pause this long is a new scroll gesture.
pub const SCROLL_GAP_MS: i64 = 1_000;
/// So is one in the other direction after a shorter pause. (`recorded-shop-rage`: down, 600 ms, up: two.)
pub const SCROLL_REVERSAL_MS: i64 = 300;
/// Nobody holds a scrollbar for longer; some browsers do not tell when it is let go.
pub const LONGEST_HOLD_MS: i64 = 10_000;
/// A scroll this soon after a hand, or a click, is that one's.
pub const HAND_SCROLLS_MS: i64 = 1_000;
/// Nobody scrolls for longer without a pause.
pub const LONGEST_SCROLL_MS: i64 = 20_000;
/// A page that scrolls so often in one rhythm does so by itself;
pub const PAGE_RHYTHM_BEATS: usize = 6;
/// an element that often: fewer readers keep time there.
pub const ELEMENT_RHYTHM_BEATS: usize = 4;
/// An event farther than this from the others has a broken clock and is dropped; no session is longer.
pub const LONGEST_SESSION_MS: i64 = 24 * 60 * 60 * 1_000;
/// A new window width beyond these classes (phone, tablet, laptop, wide) is worth a row in the timeline.
pub const WIDTH_CLASSES_PX: [u32; 3] = [600, 1_024, 1_440];

// --- Order of events ---

/// Events are held back this long for earlier ones that come later.
pub const REORDER_MS: i64 = 10_000;
/// And as long as no more than this many newer ones have come.
pub const REORDER_EVENTS: usize = 64;
/// At most this many events are held back.
pub const MAX_HELD_EVENTS: usize = 1_024;
/// At most this many bytes of events are held back.
pub const MAX_HELD_BYTES: usize = 4 << 20;
/// So many events are remembered to recognise repeated ones.
pub const MAX_REMEMBERED_EVENTS: usize = 1 << 16;

// --- Bounds ---

/// Levels of a page that are walked for one click. Deeper than pages are; a broken recording cannot make it
/// endless.
pub const MAX_LEVELS: usize = 256;
/// What one chunk may unpack to, bytes.
pub const MAX_UNPACKED_BYTES: usize = 100_000_000;
/// A piece of a recording that a player loads by itself begins at a full snapshot once so much lies before
/// it: less is not worth a request of its own.
pub const SNAPSHOT_PIECE_BYTES: usize = 256 << 10;
/// Such pieces that one chunk has at most, for they stand in its row.
pub const SNAPSHOT_PIECES: usize = 32;
/// Bytes of a piece beyond which it is cut anywhere: pictures in it compress by a quarter only, and Lambda
/// answers with some 4.4 MB at most. A single larger event is a piece of its own.
pub const LARGEST_PIECE_BYTES: usize = 5 << 20;
/// Nodes of a page that are mirrored; what is added beyond is not known to the rules. A table of 1,500 rows
/// has 20,000.
pub const MAX_NODES: usize = 60_000;
/// Attributes within controls that are watched for press animations.
pub const MAX_ATTRIBUTES: usize = 60_000;
/// Characters kept of a text node or label.
pub const MAX_LABEL_CHARS: usize = 60;
/// Characters kept of a console message.
pub const MAX_MESSAGE_CHARS: usize = 160;
/// Characters kept of a console line that is read for itself.
pub const MAX_PASSAGE_CHARS: usize = 1_000;
/// Console lines, and requests, that are read of one chunk.
pub const MAX_LOG_ENTRIES: usize = 2_000;
/// Characters kept of a URL.
pub const MAX_URL_CHARS: usize = 300;
/// Visits listed in a summary: the first one and the latest.
pub const MAX_PAGES: usize = 50;
/// Rows of a summary's timeline.
pub const MAX_TIMELINE: usize = 120;
/// Of them the last before the end.
pub const NEWEST_ROWS: usize = 4;
/// Of them one of each page, if there is no room for all visits.
pub const PAGE_ROWS: usize = 20;
/// Bytes of their labels: they stand in rows of the table, which are paid for by the kilobyte.
pub const MAX_TIMELINE_BYTES: usize = 20 << 10;
/// Moments of the whole timeline; of more, those of each stretch that are worst.
pub const MAX_MOMENTS: usize = 4_000;
/// Problems of a summary.
pub const MAX_PROBLEMS: usize = 20;
/// Characters of a story.
pub const MAX_STORY_CHARS: usize = 160;
/// Distinct errors and failed requests that are told apart; of more, those of each stretch that are worst.
pub const MAX_DISTINCT_MESSAGES: usize = 500;
/// Times at which messages came; of more, those of one message are joined.
pub const MAX_TOLD_MESSAGES: usize = 2_000;
/// The same message this soon again goes on with a burst,
pub const BURST_GAP_MS: i64 = 1_000;
/// which is told anew after this long.
pub const LONGEST_BURST_MS: i64 = 10_000;
/// The same message this soon again is no new row of a summary's timeline: whoever asks for a minute finds
/// the row,
pub const RUN_GAP_MS: u64 = 60_000;
/// which begins anew after this long, so that its count is of about that time.
pub const LONGEST_RUN_MS: u64 = 300_000;
/// An edit of the same page this long after the last one begins another row.
pub const EDITS_GAP_MS: i64 = 60_000;
/// Visits that the whole timeline tells; of more, those of each stretch.
pub const MAX_VISITS: usize = 1_000;
/// Edits in a row that are told; of more, those of each stretch.
pub const MAX_EDITS: usize = 400;
/// Changes of the window's width that are told; of more, those of each stretch.
pub const MAX_RESIZES: usize = 100;
/// Clicks that are judged in one session; more are only counted.
pub const MAX_JUDGED_CLICKS: usize = 5_000;
/// Clicks that wait for their response at one time.
pub const MAX_OPEN_CLICKS: usize = 32;
/// Requests without an answer that may still turn out to be replaced.
pub const MAX_UNANSWERED: usize = 32;
/// Scroll gestures whose times are kept; more are only counted.
pub const MAX_GESTURES: usize = 4_000;
/// Elements that scroll at the same time.
pub const MAX_SCROLLING: usize = 16;
/// Stretches of activity: a day of pauses of ten seconds.
pub const MAX_STRETCHES: usize = 8_640;
/// Distinct fields that are told apart.
pub const MAX_FIELDS: usize = 2_000;
/// Nodes remembered of one mutation.
pub const MAX_TOUCHED: usize = 128;
/// Nodes that count as background of one click.
pub const MAX_BACKGROUND_NODES: usize = 4_096;
/// Effects remembered as background.
pub const MAX_BACKGROUND_BATCHES: usize = 1_024;
/// Nodes kept of an effect that is older than [`BACKGROUND_MS`], or the answer to a press.
pub const MAX_REMEMBERED_NODES: usize = 16;
/// Presses, clicks and keys whose times are kept: a request is told of when it has ended.
pub const MAX_INTERACTIONS: usize = 8;
/// Effects kept of one click that may be its answer.
pub const MAX_ANSWERS: usize = 8;
/// Canvases and frames of a page that are asked for when a click is judged.
pub const MAX_UNSHOWN: usize = 64;
