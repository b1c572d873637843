//! Erasing a session: a tombstone first, then everything that there is of it.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use identity::SessionId;
use jiff::{SignedDuration, Timestamp};
use object_store::path::Path;
use table::{CALL, Conditional, Key, Read, Transaction, key_of, number, parse, text};

use crate::Error;
use crate::sessions::chunks::ChunkManifest;
use crate::sessions::listing::ListedRow;
use crate::sessions::meta::Meta;
use crate::sessions::objects::Class;
use crate::sessions::progress::SAVE_CALL;
use crate::sessions::recordings::OrganizationRecordings;
use crate::sessions::requests::CLAIM_CALL;
use crate::sessions::{Sessions, objects, rows};
use crate::tenants::retention::{RetentionDays, expires_at};

/// Objects of one folder that are deleted at a time: what S3 lists and deletes in one call each.
const OBJECTS: usize = 1_000;

/// Manifests that are deleted at a time, and the objects that they name.
const MANIFESTS: usize = 250;

/// What a tombstone keeps of a session until it is certain that nobody is writing any more: where that would
/// be.
const TOMBSTONE_ATTRIBUTES: &str = "person, former, retention_days, brought";

/// When a tombstone expires, seconds since 1970: when everything has that may have been on its way.
pub(crate) fn tombstone_expires(now: Timestamp) -> i64 {
    expires_at(now, RetentionDays::LONGEST) + crate::people::links::ALIAS_MARGIN_SECONDS
}

impl OrganizationRecordings<'_> {
    /// Erases a session, as much as can be done at once; `false` when there is more. To be repeated until it
    /// is `true`, and once more a quarter of an hour later with `is_last`, for what was being written at the
    /// time.
    ///
    /// Whatever comes afterwards finds the tombstone: chunks and identifications are refused with
    /// [`Error::Erased`].
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table or the bucket does not answer; it may be repeated.
    pub async fn erase_session(
        self,
        session: &SessionId,
        is_last: bool,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sessions = self.sessions();
        let meta = sessions.entomb(session, now).await?;
        fail::fail_point!(crate::steps::ENTOMBED);
        if !self.erase_objects(session, &meta).await? {
            return Ok(false);
        }
        fail::fail_point!(crate::steps::OBJECTS_DELETED);
        if !self.erase_chunks(session).await? {
            return Ok(false);
        }
        fail::fail_point!(crate::steps::MANIFESTS_DELETED);
        sessions.unlist(session, &meta, now).await?;
        sessions.forget_problems(session, &meta).await?;
        fail::fail_point!(crate::steps::UNLISTED);
        sessions.empty(session, is_last).await?;
        fail::fail_point!(crate::steps::EMPTIED);
        // Last of all: what is older than it is to be kept is found by this row, should this break off.
        sessions.unindex(session, &meta, is_last).await?;
        fail::fail_point!(crate::steps::UNINDEXED);
        Ok(true)
    }

    /// What is in the session's folders, whatever the retention was when it came.
    async fn erase_objects(self, session: &SessionId, meta: &Meta) -> Result<bool, Error> {
        let mut retentions = RetentionDays::CHOICES.to_vec();
        if !retentions.contains(&meta.retention_days) {
            retentions.push(meta.retention_days);
        }
        let mut is_all = true;
        for retention_days in retentions {
            for class in Class::ALL {
                let folder =
                    objects::folder(class, retention_days, self.scope.organization, session);
                let objects = self.bucket.list(&folder, OBJECTS).await?;
                is_all &= objects.len() < OBJECTS;
                if !objects.is_empty() {
                    self.bucket.delete_all(objects).await?;
                }
            }
        }
        Ok(is_all)
    }

    /// The manifests, and whatever objects they name that stand elsewhere.
    async fn erase_chunks(self, session: &SessionId) -> Result<bool, Error> {
        let operation = "erase a session";
        let table = self.scope.table;
        let answer = table
            .query(
                rows::session_partition(self.scope.organization, session),
                "begins_with(SK, :prefix)",
            )
            .expression_attribute_values(":prefix", text(rows::CHUNK_PREFIX))
            .consistent_read(true)
            .limit(i32::try_from(MANIFESTS).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk(operation, &error))?;
        let is_all = answer.last_evaluated_key.is_none();
        let items = answer.items.unwrap_or_default();
        let rows: Vec<Key> = items.iter().map(key_of).collect::<Result<_, _>>()?;
        let mut objects: Vec<Path> = Vec::with_capacity(items.len());
        for item in items {
            let manifest: ChunkManifest = parse("chunk", item)?;
            if let Some(object) = manifest.object() {
                objects.push(object.path()?);
            }
        }
        if !rows.is_empty() {
            self.bucket.delete_all(objects).await?;
            table.delete_all(operation, &rows).await?;
        }
        Ok(is_all)
    }
}

impl Sessions<'_> {
    /// Makes a tombstone of a session: nothing is added to it from now on, and no run that is under way is
    /// saved. Returns what is known of it.
    pub(crate) async fn entomb(self, session: &SessionId, now: Timestamp) -> Result<Meta, Error> {
        let entombed = self
            .entombing(session, now)
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("erase a session", &error))?;
        Meta::parse(entombed.attributes.unwrap_or_default())
    }

    fn entombing(self, session: &SessionId, now: Timestamp) -> UpdateItemFluentBuilder {
        self.scope.table
            .update(&rows::meta(self.scope.organization, session))
            .update_expression(
                "SET erased_at = if_not_exists(erased_at, :now), expires = :expires REMOVE version, pending_since, wake_at",
            )
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":expires", number(tombstone_expires(now)))
    }

    /// Makes a tombstone of a session that is older than it is to be kept; `false`, and nothing has changed,
    /// when it has been heard of since.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn entomb_outlived(
        self,
        session: &SessionId,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let kept = SignedDuration::from_hours(24 * i64::from(retention_days.get()));
        let entombed = self.entombing( session, now)
            .condition_expression(
                "attribute_not_exists(last_chunk_at) OR last_chunk_at <= :outlived OR attribute_exists(erased_at)",
            )
            .expression_attribute_values(":outlived", number((now - kept).as_millisecond()))
            .attempt("erase a session")
            .await?;
        Ok(entombed.is_done())
    }

    /// Takes a session out of the index of all sessions; with `is_last` forgets where it stood in it.
    pub(crate) async fn unindex(
        self,
        session: &SessionId,
        meta: &Meta,
        is_last: bool,
    ) -> Result<(), Error> {
        let operation = "erase a session";
        let Some(sort_at) = meta.sort_at else {
            return Ok(());
        };
        let row = rows::indexed_session(self.scope.organization, sort_at, session);
        if !is_last {
            return Ok(self.scope.table.remove(operation, &row).await?);
        }
        // Together: by the one the other is found, whichever would be left.
        Transaction::new(self.scope.table, operation)
            .delete(&row)?
            .update(&rows::meta(self.scope.organization, session), |update| {
                update.update_expression("REMOVE sort_at")
            })?
            .commit()
            .await?;
        Ok(())
    }

    /// Takes a session out of every list of people's, and its links with it.
    pub(crate) async fn unlist(
        self,
        session: &SessionId,
        meta: &Meta,
        now: Timestamp,
    ) -> Result<(), Error> {
        let operation = "erase a session";
        let mut rows = Vec::new();
        let mut listed = meta.unlisted.clone();
        if let Some(link) = &meta.share {
            rows.push(rows::share(&link.id));
            rows.push(rows::share_of(
                self.scope.organization,
                link.created_at,
                &link.id,
            ));
        }
        for former in &meta.former {
            rows.extend(self.rows_of_list(session, former, meta.sort_at));
        }
        if let Some(person) = &meta.person {
            rows.push(rows::unlisted_session(
                self.scope.organization,
                person,
                session,
            ));
            if let Some(sort_at) = meta.sort_at {
                let key = rows::listed_session(self.scope.organization, person, sort_at, session);
                let item = self
                    .scope
                    .table
                    .get(operation, &key, Read::Consistent)
                    .await?;
                let row = item.map(|item| parse::<ListedRow>("session", item));
                listed = listed.or(row.transpose()?);
                rows.push(key);
            }
        }
        if let Some(row) = listed {
            rows.extend(self.activity_of(&row, now)?);
        }
        Ok(self.scope.table.delete_all(operation, &rows).await?)
    }

    /// Leaves nothing of a session but that it was erased; and until the last time, where there might be
    /// more.
    async fn empty(self, session: &SessionId, is_last: bool) -> Result<(), Error> {
        let mut removed =
            "aliases, verified, unlisted, #state, checkpoint, skipped, next_seq, last_run_at, last_chunk_at, \
                           began_at, indexed_until, has_gap, #share, #call, #claim_call, #save_call"
                .to_owned();
        if is_last {
            removed = format!("{removed}, {TOMBSTONE_ATTRIBUTES}");
        }
        self.scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .update_expression(format!("REMOVE {removed}"))
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#share", "share")
            .expression_attribute_names("#call", CALL)
            .expression_attribute_names("#claim_call", CLAIM_CALL)
            .expression_attribute_names("#save_call", SAVE_CALL)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("erase a session", &error))?;
        Ok(())
    }
}
