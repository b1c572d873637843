//! One event after another, in order: each part of the summary takes what concerns it.

use serde::{Deserialize, Serialize};

use crate::activity::{Activity, Fields, Scrolls};
use crate::clicks::Clicks;
use crate::device::DeviceLog;
use crate::document::Document;
use crate::event::{Body, Event, PointerAction, Subtree};
use crate::pages::Pages;
use crate::told::Told;
use crate::trouble::{Severity, Trouble};

/// A load event this long before a page's address, or less, was that page's: it was loaded, not only
/// recorded anew.
const LOADED_BEFORE_META_MS: i64 = 5_000;

/// All that is known after the events so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Fold {
    pub(crate) events: u64,
    /// Earliest and latest time of an event.
    pub(crate) span: Option<(i64, i64)>,
    /// Time only goes forward here: an event that came too late is taken as happening now.
    clock: i64,
    loaded_at: Option<i64>,
    /// Another page has announced itself; its nodes come next.
    arriving: bool,
    document: Document,
    pub(crate) clicks: Clicks,
    pub(crate) pages: Pages,
    pub(crate) activity: Activity,
    pub(crate) scrolls: Scrolls,
    pub(crate) fields: Fields,
    pub(crate) trouble: Trouble,
    pub(crate) seen: DeviceLog,
    pub(crate) told: Told,
}

impl Fold {
    pub(crate) fn apply(&mut self, event: Event<'_>) {
        self.events += 1;
        let (first, last) = self.span.unwrap_or((event.at, event.at));
        self.span = Some((first.min(event.at), last.max(event.at)));
        self.clock = self.clock.max(event.at);
        let at = self.clock;
        if is_user_event(&event.body) {
            self.activity.user_event(at);
        }
        self.told.see(&event.body);
        match event.body {
            Body::Loaded => self.loaded_at = Some(at),
            Body::Meta {
                href,
                width,
                height,
            } => {
                self.seen.viewport(at, width, height);
                self.meta(at, href.as_deref());
            }
            Body::FullSnapshot(page) => self.full_snapshot(&page),
            Body::Mutation(mutation) => self.clicks.mutation(at, &mutation, &mut self.document),
            Body::Pointer(pointer) => self.clicks.pointer(at, pointer, &self.document),
            Body::Scroll { id, x, y } => {
                self.clicks.scroll(at);
                self.scrolls.scroll(at, id, (x, y));
            }
            Body::Resize { width, height } => self.seen.viewport(at, width, height),
            Body::Input { id, by_user } => {
                self.clicks.input(at);
                let document = &self.document;
                // Every keystroke comes as an event: the page is asked about a field once.
                if by_user
                    && self.fields.is_new(id)
                    && (!document.is_known() || document.place(id).in_text_field)
                {
                    self.fields.edit(at, id, || document.field_label(id));
                }
            }
            Body::Media | Body::Hidden => self.clicks.page_responded(at),
            Body::Repaint => self.clicks.repaint(at, &self.document),
            Body::Selection { empty: false } => self.clicks.selection(at),
            Body::Log(line) => match self.trouble.log(at, &line) {
                Severity::Thrown => self.clicks.error(at, true),
                Severity::Logged => self.clicks.error(at, false),
                Severity::Harmless => {}
            },
            Body::Requests(requests) => {
                for request in requests {
                    let page = self.pages.shown_url();
                    self.trouble.request(at, &request, page, self.told);
                    if !request.initial {
                        let started = at - request.duration_ms.clamp(0.0, 1e9) as i64;
                        self.clicks.request(started, at);
                    }
                }
            }
            Body::Navigation { href } => {
                if self.pages.show(&href, at) {
                    self.clicks.navigated(at);
                }
            }
            Body::Context(context) => {
                self.trouble.context(&context);
                self.seen.context(&context);
            }
            Body::Selection { empty: true } | Body::Moved | Body::Tells(_) | Body::Other => {}
        }
    }

    /// An address comes with every full snapshot; only another one, or a load, makes it another page.
    fn meta(&mut self, at: i64, href: Option<&str>) {
        let another = href.is_some_and(|href| self.pages.show(href, at));
        let loaded = self
            .loaded_at
            .take()
            .is_some_and(|loaded| at - loaded <= LOADED_BEFORE_META_MS);
        if another || loaded {
            self.clicks.navigated(at);
            self.arriving = true;
        }
    }

    fn full_snapshot(&mut self, page: &Subtree<'_>) {
        let recorded_anew = if self.arriving {
            None
        } else {
            self.document.renumbered(page)
        };
        match recorded_anew {
            Some(numbers) if numbers.is_empty() => {}
            Some(numbers) => {
                self.clicks.renumber(&numbers);
                self.scrolls.renumber(&numbers);
                self.fields.renumber(&numbers);
            }
            None => {
                self.clicks.document_replaced();
                self.fields.document_replaced();
            }
        }
        self.arriving = false;
        self.document.reset(page);
    }
}

/// Sources 1 to 7 and 12, as rrweb-player and PostHog count them; focus and blur come without a user, too.
fn is_user_event(body: &Body<'_>) -> bool {
    match body {
        Body::Pointer(pointer) => {
            !matches!(pointer.action, PointerAction::Focus | PointerAction::Blur)
        }
        Body::Moved
        | Body::Scroll { .. }
        | Body::Resize { .. }
        | Body::Input { .. }
        | Body::Media => true,
        _ => false,
    }
}
