//! What somebody is at Intercom: forgotten, and deleted there where a source says so.

use std::collections::BTreeSet;
use std::time::Duration;

use identity::{OrganizationId, WorkspaceId};
use store::PersonErasure;
use tasks::DeliverTask;
use tracking::SourceSettings;

use crate::{Error, State};

/// Where an organization's events go.
#[derive(Default)]
struct Workspaces {
    all: BTreeSet<WorkspaceId>,
    /// Those in which somebody who is erased is deleted.
    deleting: BTreeSet<WorkspaceId>,
}

/// Forgets who somebody is at Intercom, before it is forgotten what they are called. Their contacts are
/// deleted by the worker that talks to Intercom: it is told first, and may be told twice.
pub(crate) async fn forget(state: &State, erasure: &PersonErasure) -> Result<(), Error> {
    let Some(names) = erasure.to_be_forgotten() else {
        return Ok(());
    };
    let organization = erasure.organization();
    let outbox = state.outbox.of(organization);
    let workspaces = workspaces(state, organization).await?;
    let erased_at = erasure.erased_at();
    let contacts = outbox.contacts_of(&names, erased_at).await?;
    let contacts = contacts.into_iter();
    let deleted = contacts.filter(|contact| workspaces.deleting.contains(&contact.workspace));
    let tasks = deleted.map(|at| DeliverTask::DeleteContactV1 {
        organization: organization.clone(),
        workspace: at.workspace,
        contact: at.contact,
        asked_at: erased_at,
    });
    let tasks: Vec<String> = tasks.map(|task| task.to_body()).collect();
    if !tasks.is_empty() {
        state.queues.deliver.send_all(tasks, Duration::ZERO).await?;
    }
    fail::fail_point!(crate::steps::DELETIONS_SENT);
    let now = state.clock.now();
    let forgotten = outbox.forget(&names, &workspaces.all, (erased_at, now));
    Ok(forgotten.await?)
}

async fn workspaces(state: &State, organization: &OrganizationId) -> Result<Workspaces, Error> {
    let mut workspaces = Workspaces::default();
    let sources = state.store.of(organization).sources();
    for source in sources.list().await? {
        let Some(workspace) = source.workspace.or_else(|| organization.first_workspace()) else {
            continue;
        };
        // What is stored was checked; what is not understood any more has its default.
        let settings = SourceSettings::parse(&source.settings).unwrap_or_default();
        if settings.delete_in_intercom {
            workspaces.deleting.insert(workspace.clone());
        }
        workspaces.all.insert(workspace);
    }
    Ok(workspaces)
}
