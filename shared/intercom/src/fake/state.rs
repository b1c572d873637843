//! The fake Intercom itself: what it knows, and how tests and local mode reach it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::fault::Plan;
use super::grants::{self, Grants};
use super::journal::Journal;
use super::lag::Lagging;
use super::rate_limit::{Allowance, Windows};
use super::scroll::Scrolls;
use super::{
    Call, Change, Closed, ConversationChange, Directory, Fault, Notification, Options, Refused,
    Workspace,
};

/// An Intercom of one app and some workspaces. Cheap to clone; clones are the same Intercom.
#[derive(Clone)]
pub struct FakeIntercom(Arc<Shared>);

struct Shared {
    options: Options,
    state: Mutex<State>,
    plan: Mutex<Plan>,
    journal: Mutex<Journal>,
}

/// Most notifications that are kept until they are taken.
const KEPT_NOTIFICATIONS: usize = 1_000;

/// Everything that a call can change.
#[derive(Clone, Default)]
struct State {
    tenants: Vec<Tenant>,
    grants: Grants,
    windows: Windows,
    scrolls: Scrolls,
    /// What calls of the app have brought about, the latest last.
    notifications: VecDeque<Notification>,
}

/// A workspace and what it keeps.
#[derive(Clone)]
struct Tenant {
    workspace: Workspace,
    directory: Lagging<Directory>,
    closed: Option<Closed>,
}

/// Everything that a fake Intercom knew at a moment.
#[derive(Clone)]
pub struct Snapshot(State);

impl FakeIntercom {
    /// One without workspaces.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self(Arc::new(Shared {
            options,
            state: Mutex::default(),
            plan: Mutex::default(),
            journal: Mutex::default(),
        }))
    }

    /// What it was told when it was made.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// What time it is there.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.options.clock.now()
    }

    /// Adds a workspace with what it keeps. It replaces one with the same id, whose tokens stay good.
    pub fn add(&self, workspace: Workspace, directory: Directory) {
        let mut state = self.state();
        state
            .tenants
            .retain(|tenant| tenant.workspace.id != workspace.id);
        state.tenants.push(Tenant {
            workspace,
            directory: Lagging::new(directory),
            closed: None,
        });
    }

    /// Every workspace, in the order in which they were added.
    #[must_use]
    pub fn workspaces(&self) -> Vec<Workspace> {
        let state = self.state();
        let workspaces = state.tenants.iter().map(|tenant| tenant.workspace.clone());
        workspaces.collect()
    }

    /// The workspace with this id.
    #[must_use]
    pub fn workspace(&self, id: &str) -> Option<Workspace> {
        let state = self.state();
        state.tenant(id).map(|tenant| tenant.workspace.clone())
    }

    /// Looks at what a workspace keeps; `None` when there is no such workspace.
    pub fn read<T>(&self, workspace: &str, look: impl FnOnce(&Directory) -> T) -> Option<T> {
        let state = self.state();
        Some(look(state.tenant(workspace)?.directory.now()))
    }

    /// Changes what a workspace keeps; `None` when there is no such workspace.
    pub fn write<T>(&self, workspace: &str, change: impl FnOnce(&mut Directory) -> T) -> Option<T> {
        let (now, lag) = (self.now(), self.0.options.search_lag);
        let mut state = self.state();
        let tenants = &mut state.tenants;
        let tenant = tenants
            .iter_mut()
            .find(|tenant| tenant.workspace.id == workspace)?;
        Some(change(tenant.directory.change(now, lag)))
    }

    /// Does something with a contact; what Intercom notifies of.
    ///
    /// # Errors
    /// When Intercom would not do that.
    pub fn change(
        &self,
        workspace: &str,
        contact: &str,
        change: Change,
    ) -> Result<Notification, Refused> {
        let now = self.now();
        let changed = self.write(workspace, |directory| {
            change.apply(workspace, directory, contact, now)
        });
        changed.unwrap_or(Err(Refused::Gone))
    }

    /// Does something with a conversation; what Intercom notifies of.
    ///
    /// # Errors
    /// When Intercom would not do that.
    pub fn change_conversation(
        &self,
        workspace: &str,
        conversation: &str,
        change: ConversationChange,
    ) -> Result<Notification, Refused> {
        let now = self.now();
        let changed = self.write(workspace, |directory| {
            change.apply(workspace, directory, conversation, now)
        });
        changed.unwrap_or(Err(Refused::Gone))
    }

    /// Takes what Intercom notifies of since that was last taken, because of the app's replies and messages:
    /// the latest thousand, the earliest first.
    pub fn take_notifications(&self) -> Vec<Notification> {
        self.state().notifications.drain(..).collect()
    }

    /// Keeps a notification until it is taken.
    pub(super) fn notify(&self, notification: Notification) {
        let notifications = &mut self.state().notifications;
        if notifications.len() >= KEPT_NOTIFICATIONS {
            notifications.pop_front();
        }
        notifications.push_back(notification);
    }

    /// Changes which scrolls there are.
    pub(super) fn scroll<T>(&self, change: impl FnOnce(&mut Scrolls) -> T) -> T {
        change(&mut self.state().scrolls)
    }

    /// Lets nobody into a workspace for this reason, or everybody again.
    pub fn close(&self, workspace: &str, closed: Option<Closed>) {
        let mut state = self.state();
        let tenants = state.tenants.iter_mut();
        for tenant in tenants.filter(|tenant| tenant.workspace.id == workspace) {
            tenant.closed = closed;
        }
    }

    /// Whether this is the app's id.
    #[must_use]
    pub fn is_app(&self, client_id: &str) -> bool {
        self.0.options.client_id == client_id
    }

    /// Makes this a code that the app can exchange, as if a workspace's admin had allowed it.
    pub fn allow(&self, workspace: &str, code: &str) {
        let now = self.now();
        self.state().grants.add_code(workspace, code, now);
    }

    /// Makes this a token of a workspace.
    pub fn grant(&self, workspace: &str, token: &str) {
        self.state().grants.add_token(workspace, token);
    }

    /// Makes every exchange from now on give this token, rather than one of its own.
    pub fn give(&self, token: &str) {
        self.state().grants.choose_token(token);
    }

    /// A token for a workspace, as if its admin had just installed the app there.
    #[must_use]
    pub fn token(&self, workspace: &str) -> String {
        grants::token(&self.0.options.client_secret, workspace, self.now())
    }

    /// Takes the app out of a workspace: every token of it dies.
    pub fn uninstall(&self, workspace: &str) {
        let now = self.now();
        self.state().grants.uninstall(workspace, now);
    }

    /// Plans what goes wrong with the next call that nothing else is planned for.
    pub fn fail_next(&self, fault: Fault) {
        self.plan().next(Some(fault));
    }

    /// Plans that nothing goes wrong with the next call that nothing else is planned for.
    pub fn pass_next(&self) {
        self.plan().next(None);
    }

    /// Plans what goes wrong with the next call of a path that nothing else is planned for.
    pub fn fail_once(&self, path: &str, fault: Fault) {
        self.plan().once(path, fault);
    }

    /// Plans what goes wrong with every call of a path, until something else is.
    pub fn fail_always(&self, path: &str, fault: Fault) {
        self.plan().always(path, fault);
    }

    /// Forgets whatever is planned.
    pub fn heal(&self) {
        self.plan().clear();
    }

    /// Every call so far, or since the journal was last taken.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.journal().calls().to_vec()
    }

    /// Those of a path.
    #[must_use]
    pub fn calls_of(&self, path: &str) -> Vec<Call> {
        let mut calls = self.calls();
        calls.retain(|call| call.path() == path);
        calls
    }

    /// Takes the journal: it is empty afterwards.
    pub fn take_calls(&self) -> Vec<Call> {
        self.journal().take()
    }

    /// Comes back when the journal fulfils a condition.
    pub async fn until(&self, condition: impl Fn(&[Call]) -> bool) {
        while !condition(self.journal().calls()) {
            tokio::task::yield_now().await;
        }
    }

    /// Everything that it knows.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.state().clone())
    }

    /// Makes it know what it knew then, and nothing else.
    pub fn put_back(&self, snapshot: &Snapshot) {
        *self.state() = snapshot.0.clone();
    }

    /// The token for a code, once; `None` for whoever is not the app.
    pub(super) fn exchange(&self, code: &str, id: &str, secret: &str) -> Option<String> {
        let is_app = self.is_app(id) && self.0.options.client_secret.is(secret);
        let now = self.now();
        let code = is_app.then_some(code)?;
        let key = &self.0.options.client_secret;
        self.state().grants.exchange(key, code, now)
    }

    /// The workspace that a token is for, while it lives.
    pub(super) fn workspace_of(&self, token: &str) -> Option<Workspace> {
        let state = self.state();
        let id = state
            .grants
            .workspace_of(&self.0.options.client_secret, token)?;
        state.tenant(id).map(|tenant| tenant.workspace.clone())
    }

    /// Why a workspace lets nobody in.
    pub(super) fn closed(&self, workspace: &str) -> Option<Closed> {
        self.state().tenant(workspace)?.closed
    }

    /// Looks at what searches show of a workspace.
    pub(super) fn searched<T>(
        &self,
        workspace: &str,
        look: impl FnOnce(&Directory) -> T,
    ) -> Option<T> {
        let (now, lag) = (self.now(), self.0.options.search_lag);
        let state = self.state();
        Some(look(state.tenant(workspace)?.directory.seen(now, lag)))
    }

    /// Counts a call, in the name of a workspace.
    pub(super) fn count(&self, workspace: &str) -> Allowance {
        let (rate, now) = (self.0.options.rate, self.now());
        self.state().windows.count(workspace, rate, now)
    }

    pub(super) fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.0
            .journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn tenant(&self, id: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| tenant.workspace.id == id)
    }
}

/// Tokens are not shown.
impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Snapshot").finish_non_exhaustive()
    }
}

/// Tokens are not shown.
impl fmt::Debug for FakeIntercom {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FakeIntercom")
            .finish_non_exhaustive()
    }
}
