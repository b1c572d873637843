//! When and on which page conversations began.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use identity::{
    Alias, AliasHash, ContactId, ConversationId, ConversationStart, OrganizationId,
    OrganizationKey, WorkspaceId,
};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use table::{Conditional, Item, number, parse, text};

use crate::Error;
use crate::people::page_cipher::PageCipher;
use crate::people::{Contacts, rows};

/// Conversations of a contact that are looked through for the latest, and rows of them that are read at a
/// time. Who has begun more lately is known by now.
const MAX_LOOKED_AT: usize = 20;

/// How a conversation began, apart from its key and the page.
#[derive(Serialize, Deserialize)]
struct ConversationRow {
    id: ConversationId,
    #[serde(with = "millisecond::required")]
    began_at: Timestamp,
    by_contact: bool,
    /// What is said later counts only if its rank is greater: so the order in which it comes does not matter.
    rank: String,
    expires: i64,
}

/// The attribute with the sealed page.
const PAGE: &str = "page";

impl Contacts<'_> {
    /// Remembers how a contact's conversation began. Of several accounts the fullest stays, in whatever order
    /// they come.
    pub(crate) async fn remember_conversation(
        self,
        contact: &AliasHash,
        start: &ConversationStart,
        expires: i64,
    ) -> Result<(), Error> {
        let key = self.scope.key();
        let row = ConversationRow {
            id: start.id.clone(),
            began_at: start.at,
            by_contact: start.by_contact,
            rank: rank(start, &key),
            expires,
        };
        let mut put = self
            .scope
            .table
            .put(
                &rows::conversation(self.scope.organization, contact, &start.id),
                &row,
            )?
            .condition_expression("attribute_not_exists(PK) OR #rank < :rank")
            .expression_attribute_names("#rank", "rank")
            .expression_attribute_values(":rank", AttributeValue::S(row.rank.clone()));
        if let Some(page) = &start.page {
            let cipher = PageCipher::new(&key, self.scope.organization, &start.id);
            let sealed = Blob::new(cipher.seal(page)?);
            put = put.item(PAGE, AttributeValue::B(sealed));
        }
        put.attempt("remember a conversation").await?;
        Ok(())
    }

    /// How the conversation began that the contact itself began last, on a page that is known; `None` when
    /// none is remembered.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn latest_conversation(
        self,
        workspace: &WorkspaceId,
        contact: &ContactId,
        now: Timestamp,
    ) -> Result<Option<ConversationStart>, Error> {
        let key = self.scope.key();
        let contact = key.hash(&Alias::contact(workspace, contact));
        let mut starts = Vec::new();
        let mut start = None;
        // One that expired takes a place of the page: hence the loop.
        loop {
            let answer = self
                .scope
                .table
                .query(
                    rows::contact_partition(self.scope.organization, &contact),
                    "begins_with(SK, :prefix)",
                )
                .expression_attribute_values(":prefix", text(rows::CONVERSATION_PREFIX))
                .filter_expression("expires > :now")
                .expression_attribute_values(":now", number(now.as_second()))
                .limit(i32::try_from(MAX_LOOKED_AT).unwrap_or(i32::MAX))
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("read conversations", &error))?;
            for item in answer.items.unwrap_or_default() {
                starts.push(open(&key, self.scope.organization, item)?);
            }
            start = answer.last_evaluated_key;
            if start.is_none() || starts.len() >= MAX_LOOKED_AT {
                break;
            }
        }
        let theirs = starts
            .into_iter()
            .filter(|start| start.by_contact && start.page.is_some());
        Ok(theirs.max_by_key(|start| start.at))
    }
}

/// How a conversation began, from its row.
pub(crate) fn open(
    key: &OrganizationKey,
    organization: &OrganizationId,
    mut item: Item,
) -> Result<ConversationStart, Error> {
    let sealed = item.remove(PAGE);
    let row: ConversationRow = parse("conversation", item)?;
    let page = match sealed {
        Some(AttributeValue::B(sealed)) => {
            let cipher = PageCipher::new(key, organization, &row.id);
            Some(cipher.open(sealed.as_ref())?)
        }
        _ => None,
    };
    Ok(ConversationStart {
        id: row.id,
        at: row.began_at,
        page,
        by_contact: row.by_contact,
    })
}

/// One with a page is above one without, then one that the contact began; else any order that is always the
/// same.
fn rank(start: &ConversationStart, key: &OrganizationKey) -> String {
    let page = start.page.as_ref().map(|page| key.hash_page(page));
    format!(
        "{}{}{:015}{}",
        u8::from(page.is_some()),
        u8::from(start.by_contact),
        start.at.as_millisecond().max(0),
        page.unwrap_or_default(),
    )
}
