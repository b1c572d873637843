//! One event after another, in order: each part of the summary takes what concerns it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::activity::{Activity, Fields, Scrolls};
use crate::clicks::{self, Clicks};
use crate::definitions::STANDSTILL_MS;
use crate::device::DeviceLog;
use crate::document::Document;
use crate::event::{
    self, Body, Event, Mutation, NodeId, Pointer, PointerAction, Scripted, Subtree,
};
use crate::pages::Pages;
use crate::told::Told;
use crate::trouble::{self, Severity, Trouble};

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
    /// The recorder has told that a script sets the next value.
    script_sets_next: bool,
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
            Body::FullSnapshot(page) => self.full_snapshot(at, &page),
            Body::Mutation(mutation) => self.mutation(at, &mutation),
            Body::Pointer(pointer) => self.pointer(at, pointer),
            Body::Moved { began_ms } => {
                self.activity.user_event(at);
                if i64::from(began_ms) > STANDSTILL_MS {
                    self.clicks.stood_still(at - i64::from(began_ms), at);
                }
            }
            Body::Hand => {
                self.activity.user_event(at);
                self.scrolls.hand(at);
            }
            Body::Scroll { id, x, y } => {
                self.clicks.scroll(at, id);
                if self.clicks.hands.hold(at) {
                    self.scrolls.hand(at);
                }
                let of_page = self.document.is_root(id);
                self.scrolls.scroll(at, id, of_page, (x, y));
            }
            Body::Resize { width, height } => {
                self.activity.user_event(at);
                self.seen.viewport(at, width, height);
            }
            Body::Input {
                id,
                by_user,
                masked,
            } => self.input(at, id, by_user, masked),
            Body::Edited { id, by_hand } => self.edited(at, id, by_hand),
            Body::Media { id } => self.clicks.media(at, id),
            Body::Hidden => self.clicks.page_responded(at),
            Body::Outside { kind, stood_ms } => {
                // It is told of when it is over, and began when the page stood still.
                let began = at - i64::from(stood_ms);
                self.clicks.outside(began, kind);
            }
            Body::ByScript(Scripted::Click) => self.clicks.script_clicks_next(),
            Body::ByScript(Scripted::Input) => self.script_sets_next = true,
            Body::Repaint { draws, styles } => {
                self.document.restyle(&styles);
                self.clicks.repaint(at, draws, &self.document);
            }
            Body::Selection { empty: false } => self.clicks.selection(at),
            Body::Log(line) => {
                self.told.see_line(&line);
                match self.trouble.log(at, &line) {
                    Severity::Thrown => self.clicks.error(at, trouble::kind(&line), true),
                    Severity::Logged => self.clicks.error(at, trouble::kind(&line), false),
                    Severity::Harmless => {}
                }
            }
            Body::Requests(requests) => {
                self.told.see(Told::REQUESTS);
                for mut request in requests {
                    let url = self.pages.resolve(&request.url);
                    if let Cow::Owned(url) = url {
                        request.url = url.into();
                    }
                    let page = self.pages.shown();
                    self.trouble.request(at, &request, page, self.told);
                    self.request(&request);
                }
            }
            Body::Navigation { href } => {
                let is_place = |fragment: &str| self.document.has_place(fragment);
                if self.pages.route(&href, at, is_place) {
                    self.clicks.navigated(at);
                }
            }
            Body::Context(context) => {
                self.told.see_context(&context);
                self.scrolls.hands_are_told |= context.tells_hands;
                self.trouble.context(&context);
                self.seen.context(&context);
            }
            Body::Tells(told) => self.told.see(told),
            Body::Selection { empty: true } | Body::Other => {}
        }
    }

    fn pointer(&mut self, at: i64, pointer: Pointer) {
        if self.is_of_former_page(pointer) {
            self.former_page_returned(at);
        }
        if self.clicks.pointer(at, pointer, &self.document) {
            self.activity.user_event(at);
            if pointer.action == PointerAction::Click {
                self.scrolls.clicked(at);
            }
        }
    }

    /// Whether the focus moves on a node that cannot have it: the ids are another page's. Back from the
    /// back/forward cache a page goes on as it was, and rrweb says nothing of it.
    fn is_of_former_page(&self, pointer: Pointer) -> bool {
        matches!(pointer.action, PointerAction::Focus | PointerAction::Blur)
            && self.document.is_text(pointer.id)
    }

    /// What stands on it now is not known: only that it was shown before.
    fn former_page_returned(&mut self, at: i64) {
        let since = self.clicks.pressed_at().unwrap_or(at);
        if self.pages.go_back(since) {
            self.clicks.navigated(since);
        }
        self.clicks.document_replaced();
        self.fields.document_replaced();
        self.document = Document::default();
    }

    fn mutation(&mut self, at: i64, mutation: &Mutation<'_>) {
        // Editable elements make no input events; what is typed is a change of the page.
        let typed_into = self.clicks.edits(at, mutation, &self.document);
        if let Some(element) = typed_into {
            self.activity.user_event(at);
            self.note_edit(at, element);
        }
        let document = &mut self.document;
        self.clicks.mutation(at, mutation, typed_into, document);
    }

    /// A value changed. When the recorder does not say by whom, a hand needs the focus for it.
    fn input(&mut self, at: i64, id: NodeId, by_user: Option<bool>, masked: bool) {
        let by_script = std::mem::take(&mut self.script_sets_next);
        let by_hand = match by_user {
            _ if by_script => Some(false),
            Some(by_user) => Some(by_user),
            None => self.clicks.hands.can_edit(at, id, &self.document),
        };
        self.clicks.input(at, id, by_hand == Some(true), masked);
        if self.document.chooses_file(id) {
            self.clicks.file_chosen(at);
        }
        match by_hand {
            Some(true) => {
                self.activity.user_event(at);
                self.note_edit(at, id);
            }
            Some(false) => {}
            None => {
                self.activity.perhaps(at, id);
                if self.takes_text(id) {
                    let document = &self.document;
                    self.fields.perhaps(at, id, || document.field_label(id));
                }
            }
        }
    }

    fn edited(&mut self, at: i64, id: NodeId, by_hand: bool) {
        self.clicks.input(at, id, by_hand, !by_hand);
        if by_hand {
            self.activity.user_event(at);
            self.note_edit(at, id);
        }
    }

    /// Every keystroke comes as an event: the page is asked about a field once.
    fn note_edit(&mut self, at: i64, id: NodeId) {
        if self.fields.is_new(id) && self.takes_text(id) {
            let document = &self.document;
            self.fields.edit(at, id, || document.field_label(id));
        }
    }

    fn takes_text(&self, id: NodeId) -> bool {
        !self.document.is_known() || self.document.place(id).in_text_field
    }

    fn request(&mut self, request: &event::Request<'_>) {
        if request.initial || request.beacon {
            return; // Nobody waits for it.
        }
        self.clicks.request(clicks::Request {
            started_at: request.started_at,
            ended_at: request.ended_at,
            is_timed: request.is_timed,
            kind: request.kind(),
            is_elsewhere: self.pages.is_elsewhere(&request.url),
        });
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

    fn full_snapshot(&mut self, at: i64, page: &Subtree<'_>) {
        let recorded_anew = if self.arriving {
            None
        } else {
            self.document.renumbered(page)
        };
        match recorded_anew {
            Some(numbers) if numbers.is_empty() => {
                // A page that is loaded anew has fresh numbers, too.
                if page.is_numbered_afresh() {
                    self.clicks.perhaps_reloaded(at);
                }
            }
            Some(numbers) => {
                self.clicks.renumber(&numbers);
                self.scrolls.renumber(&numbers);
                self.fields.renumber(&numbers);
            }
            None => {
                if !self.arriving && self.document.is_known() && page.is_numbered_afresh() {
                    self.clicks.navigated(at);
                }
                self.clicks.document_replaced();
                self.fields.document_replaced();
            }
        }
        self.arriving = false;
        self.document.reset(page);
    }
}
