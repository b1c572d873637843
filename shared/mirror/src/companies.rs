//! Companies: whole, and in their list.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use table::{Conditional, EXPIRES, Item, Read, item, nested, number, parse, text};

use crate::as_of::AsOf;
use crate::company::{Company, CompanyLine, Figures, ListedCompany};
use crate::record::{Absence, Nothing, Order, Put};
use crate::rows::{self, LISTED_COMPANY};
use crate::{Error, WorkspaceMirror};

/// Most companies that are listed: ten times what Intercom's own list gives without scrolling is not looked
/// through by anybody.
const MAX_LISTED: usize = 20_000;

/// Sorts after everything that begins as the text before it.
pub(crate) const LAST: char = '\u{10FFFF}';

/// The companies of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Companies<'m, 'a>(pub(crate) &'m WorkspaceMirror<'a>);

/// A row of the list.
#[derive(Serialize, Deserialize)]
struct Listed {
    line: CompanyLine,
    #[serde(default)]
    figures: Figures,
    #[serde(default)]
    gone: bool,
    #[serde(default)]
    expires: Option<i64>,
}

/// Which company has an id.
#[derive(Serialize, Deserialize)]
struct Pointer {
    id: String,
}

impl Companies<'_, '_> {
    /// Puts what Intercom says of a company; it is there until `expires` (seconds since 1970).
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: all of it may be repeated. This goes for
    /// everything here.
    pub async fn put(self, company: &Company, as_of: AsOf, expires: i64) -> Result<Put, Error> {
        let id = rows::of_id(&company.id);
        let key = self.0.keys.company(&id);
        let said = (company, Nothing {});
        let put = self
            .0
            .put("mirror a company", &key, as_of, said, Some(expires))
            .await?;
        if put != Put::Newer {
            return Ok(put);
        }
        if let Some(company_id) = &company.company_id {
            let pointer = Pointer {
                id: company.id.clone(),
            };
            let row = item(&self.0.keys.company_id(company_id, &id), &pointer)?;
            self.0
                .table
                .put_all("note a company's id", vec![row])
                .await?;
        }
        self.list_it(&id, company, as_of, expires).await?;
        self.0.mark_uncounted(&id).await?;
        Ok(put)
    }

    /// Changes the company's line in the list, and leaves its figures.
    async fn list_it(
        self,
        id: &str,
        company: &Company,
        as_of: AsOf,
        expires: i64,
    ) -> Result<(), Error> {
        let update = self.0.table.update(&self.0.keys.listed_company(id));
        update
            .update_expression("SET as_of = :as_of, line = :line, gone = :no, #expires = :expires")
            .condition_expression(
                "attribute_not_exists(PK) OR (#final <> :yes AND as_of <= :as_of)",
            )
            .expression_attribute_names("#final", "final")
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":as_of", text(as_of))
            .expression_attribute_values(":line", nested(&company.line())?)
            .expression_attribute_values(":expires", number(expires))
            .expression_attribute_values(":no", AttributeValue::Bool(false))
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .attempt("list a company")
            .await?;
        Ok(())
    }

    /// Says that a company is not there (any more).
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn take_away(
        self,
        company: &str,
        as_of: AsOf,
        absence: Absence,
    ) -> Result<Put, Error> {
        let id = rows::of_id(company);
        let away = "take a company away";
        let put = self
            .0
            .take_away(away, &self.0.keys.company(&id), as_of, absence)
            .await?;
        if put == Put::Newer {
            let listed = self.0.keys.listed_company(&id);
            self.0.take_away(away, &listed, as_of, absence).await?;
        }
        Ok(put)
    }

    /// Reads a company by Intercom's id.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn get(self, company: &str, now: Timestamp) -> Result<Option<Company>, Error> {
        let key = self.0.keys.company(&rows::of_id(company));
        let stored = self.0.read("read a company", &key, Read::Eventual, now);
        Ok(stored.await?.map(|stored| stored.content))
    }

    /// Reads some companies by Intercom's ids, in their order; those that are not there are left out.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn get_all(
        self,
        companies: &[String],
        now: Timestamp,
    ) -> Result<Vec<Company>, Error> {
        let keys: Vec<_> = companies
            .iter()
            .map(|company| self.0.keys.company(&rows::of_id(company)))
            .collect();
        let read = self
            .0
            .table
            .get_all("read companies", &keys, Read::Eventual);
        let mut items: HashMap<_, _> = read.await?;
        let in_order = keys.iter().filter_map(|key| items.remove(key));
        let stored = in_order.map(|item| self.0.stored::<Company>(item, now));
        let stored: Result<Vec<_>, Error> = stored.collect();
        Ok(stored?
            .into_iter()
            .flatten()
            .map(|stored| stored.content)
            .collect())
    }

    /// Finds a company by what the workspace itself calls it.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn find(self, company_id: &str, now: Timestamp) -> Result<Option<Company>, Error> {
        const MAX_POINTERS: usize = 20;
        let partition = self.0.keys.company_id_partition(company_id);
        let range = ("COMPANY#", "COMPANY$");
        let find = "find a company by its id";
        let items = self
            .0
            .items(find, partition, range, Order::Ascending, MAX_POINTERS)
            .await?;
        for item in items {
            let pointer: Pointer = parse("company's id", item)?;
            let company = self.get(&pointer.id, now).await?;
            let has_it = |company: &Company| company.company_id.as_deref() == Some(company_id);
            if let Some(company) = company.filter(has_it) {
                return Ok(Some(company));
            }
        }
        Ok(None)
    }

    /// All companies, in no order that means anything.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn list(self, now: Timestamp) -> Result<Vec<ListedCompany>, Error> {
        let prefix = LISTED_COMPANY.prefix();
        let range = (prefix, &*format!("{prefix}{LAST}"));
        let items = self
            .0
            .items(
                "list companies",
                self.0.keys.companies(),
                range,
                Order::Ascending,
                MAX_LISTED,
            )
            .await?;
        let listed = items
            .into_iter()
            .filter_map(|item| listed(item, now).transpose());
        listed.collect()
    }

    /// A company in the list, by Intercom's id.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn listed(
        self,
        company: &str,
        now: Timestamp,
    ) -> Result<Option<ListedCompany>, Error> {
        let key = self.0.keys.listed_company(&rows::of_id(company));
        match self
            .0
            .table
            .get("read a listed company", &key, Read::Eventual)
            .await?
        {
            Some(item) => listed(item, now),
            None => Ok(None),
        }
    }
}

fn listed(item: Item, now: Timestamp) -> Result<Option<ListedCompany>, Error> {
    if !item.contains_key("line") {
        // Taken away, or counted before it was put.
        return Ok(None);
    }
    let row: Listed = parse("listed company", item)?;
    let is_there = !row.gone && row.expires.is_none_or(|at| at > now.as_second());
    Ok(is_there.then_some(ListedCompany {
        company: row.line,
        figures: row.figures,
    }))
}
