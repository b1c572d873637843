//! Searches: filters, order and pages as Intercom's API has them.

use std::cmp::Reverse;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

/// Most results that may be asked for on a page.
const MAX_PAGE_SIZE: usize = 150;

/// Deepest groups within groups.
const MAX_GROUP_DEPTH: usize = 2;

/// The body of a search.
#[derive(Deserialize)]
pub(super) struct Search {
    query: Filter,
    #[serde(default)]
    pagination: Pagination,
    sort: Option<Sort>,
}

/// One condition, or several of which all or any have to hold.
#[derive(Deserialize)]
struct Filter {
    field: Option<String>,
    operator: String,
    value: Value,
}

/// Which page is asked for.
#[derive(Default, Deserialize)]
pub(super) struct Pagination {
    per_page: Option<usize>,
    starting_after: Option<String>,
}

#[derive(Deserialize)]
struct Sort {
    field: String,
    order: String,
}

/// A search that Intercom would refuse: what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invalid(pub(super) &'static str);

impl Search {
    /// The page of results that was asked for. It has no more than `largest`. The results stand in the field
    /// `list`.
    pub(super) fn page(
        &self,
        all: Vec<Value>,
        list: &str,
        zone: &TimeZone,
        largest: usize,
    ) -> Result<Value, Invalid> {
        let mut found = Vec::new();
        for each in all {
            if self.query.holds(&each, zone, 0)? {
                found.push(each);
            }
        }
        if let Some(sort) = &self.sort {
            sort.sort(&mut found)?;
        }
        self.pagination.page(found, list, largest)
    }
}

impl Search {
    /// The address, when one is all that is searched for.
    pub(super) fn only_email(&self) -> Option<&str> {
        let is_email = self.query.field.as_deref() == Some("email") && self.query.operator == "=";
        is_email.then(|| self.query.value.as_str()).flatten()
    }
}

/// Texts are compared without regard to case.
pub(super) fn same_text(found: Option<&str>, asked: &str) -> bool {
    found.is_some_and(|found| found.to_lowercase() == asked.to_lowercase())
}

/// The value of a field, such as `email` or `custom_attributes.plan`.
fn at<'a>(item: &'a Value, field: &str) -> &'a Value {
    match field.strip_prefix("custom_attributes.") {
        Some(name) => &item["custom_attributes"][name],
        None => &item[field],
    }
}

/// Whether two values are the same to a search.
fn same(found: &Value, asked: &Value) -> bool {
    match asked {
        Value::String(asked) => same_text(found.as_str(), asked),
        asked => found == asked,
    }
}

impl Filter {
    fn holds(&self, item: &Value, zone: &TimeZone, depth: usize) -> Result<bool, Invalid> {
        let Some(field) = &self.field else {
            return self.group(item, zone, depth);
        };
        if field == "contact_ids" && self.operator == "=" {
            let contacts = item["contacts"]["contacts"].as_array();
            let mut contacts = contacts.into_iter().flatten();
            return Ok(contacts.any(|contact| contact["id"] == self.value));
        }
        let found = at(item, field);
        if field.ends_with("_at") {
            return self.dated(found, zone);
        }
        match self.operator.as_str() {
            "=" => Ok(same(found, &self.value)),
            "!=" => Ok(!same(found, &self.value)),
            "IN" | "NIN" => {
                let asked = self.value.as_array();
                let asked = asked.ok_or(Invalid("IN and NIN take a list"))?;
                let is_in = asked.iter().any(|asked| same(found, asked));
                Ok(is_in == (self.operator == "IN"))
            }
            _ => Err(Invalid("the operator does not go with the field")),
        }
    }

    fn group(&self, item: &Value, zone: &TimeZone, depth: usize) -> Result<bool, Invalid> {
        let filters: Vec<Self> =
            Vec::deserialize(&self.value).map_err(|_| Invalid("a filter lacks its field"))?;
        if depth == MAX_GROUP_DEPTH {
            return Err(Invalid("groups are nested too deeply"));
        }
        let mut held = Vec::new();
        for filter in &filters {
            held.push(filter.holds(item, zone, depth + 1)?);
        }
        match self.operator.as_str() {
            "AND" => Ok(held.iter().all(|holds| *holds)),
            "OR" => Ok(held.iter().any(|holds| *holds)),
            _ => Err(Invalid("a group is AND or OR")),
        }
    }

    /// Dates are compared day by day, as the workspace's calendar has them: `>` begins the day after.
    fn dated(&self, found: &Value, zone: &TimeZone) -> Result<bool, Invalid> {
        let day = |value: &Value| -> Option<Date> {
            let second = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
            let at = Timestamp::from_second(second).ok()?;
            Some(at.to_zoned(zone.clone()).date())
        };
        let asked = day(&self.value).ok_or(Invalid("a date is seconds since 1970"))?;
        let Some(found) = day(found) else {
            return Ok(false);
        };
        match self.operator.as_str() {
            ">" => Ok(found > asked),
            "<" => Ok(found < asked),
            "=" => Ok(found == asked),
            _ => Err(Invalid("dates know >, < and = alone")),
        }
    }
}

impl Sort {
    fn sort(&self, found: &mut [Value]) -> Result<(), Invalid> {
        let key = |item: &Value| {
            let id = item["id"].as_str().unwrap_or_default().to_owned();
            (item[&self.field].as_i64(), id)
        };
        match self.order.as_str() {
            "ascending" => found.sort_by_key(key),
            "descending" => found.sort_by_key(|item| Reverse(key(item))),
            _ => return Err(Invalid("the order is ascending or descending")),
        }
        Ok(())
    }
}

impl Pagination {
    /// The page, which begins at a cursor.
    pub(super) fn page(
        &self,
        mut found: Vec<Value>,
        list: &str,
        largest: usize,
    ) -> Result<Value, Invalid> {
        let per_page = self.per_page.unwrap_or(50);
        if !(1..=MAX_PAGE_SIZE).contains(&per_page) {
            return Err(Invalid("per_page is from 1 to 150"));
        }
        let per_page = per_page.min(largest);
        let start = match &self.starting_after {
            Some(cursor) => position(cursor).ok_or(Invalid("the cursor is none of ours"))?,
            None => 0,
        };
        let total = found.len();
        let mut shown = found.split_off(start.min(total));
        shown.truncate(per_page);
        let end = start + shown.len();
        let page = start / per_page + 1;
        let mut pages = json!({
            "type": "pages", "page": page, "per_page": per_page, "total_pages": total.div_ceil(per_page),
        });
        if end < total {
            pages["next"] = json!({ "per_page": per_page, "starting_after": cursor(end) });
        }
        let kind = match list {
            "data" => "list".to_owned(),
            _ => format!("{}.list", list.trim_end_matches('s')),
        };
        Ok(json!({ "type": kind, list: shown, "total_count": total, "pages": pages }))
    }
}

/// Where the next page begins: nothing that a caller could make sense of.
fn cursor(position: usize) -> String {
    STANDARD.encode(format!("[{position}]"))
}

fn position(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(STANDARD.decode(cursor).ok()?).ok()?;
    let number = text.strip_prefix('[')?.strip_suffix(']')?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn search(body: Value) -> Search {
        serde_json::from_value(body).unwrap()
    }

    fn after(second: i64) -> Value {
        json!({ "field": "updated_at", "operator": ">", "value": second })
    }

    fn ids(page: &Value) -> Vec<&str> {
        let data = page["data"].as_array().unwrap().iter();
        data.map(|item| item["id"].as_str().unwrap()).collect()
    }

    /// Contacts that were updated on days 0, 1, 2, …
    fn contacts(days: i64) -> Vec<Value> {
        (0..days)
            .map(|day| json!({ "id": format!("c{day}"), "role": "lead", "updated_at": day * DAY + 100 }))
            .collect()
    }

    #[test]
    fn dates_are_days_of_the_workspaces_calendar() {
        let dublin = TimeZone::get("Europe/Dublin").unwrap();
        for (zone, second, expected) in [
            (&TimeZone::UTC, DAY, vec!["c2"]),
            (&TimeZone::UTC, 2 * DAY - 1, vec!["c2"]),
            (&TimeZone::UTC, 2 * DAY, vec![]),
            // Dublin was an hour ahead in 1970: there, day 2 had already begun.
            (&dublin, 2 * DAY - 3_600, vec![]),
        ] {
            let page =
                search(json!({ "query": after(second) })).page(contacts(3), "data", zone, 150);
            assert_eq!(ids(&page.unwrap()), expected, "{second}");
        }
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let mut seen = Vec::new();
        let mut pagination = json!({ "per_page": 2 });
        loop {
            let asked = json!({
                "query": after(0), "pagination": pagination,
                "sort": { "field": "updated_at", "order": "descending" },
            });
            let page = search(asked)
                .page(contacts(6), "data", &TimeZone::UTC, 150)
                .unwrap();
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            match page["pages"]["next"].clone() {
                Value::Null => break,
                next => {
                    pagination = json!({ "per_page": 2, "starting_after": next["starting_after"] })
                }
            }
        }
        assert_eq!(seen, ["c5", "c4", "c3", "c2", "c1"]);
    }

    #[test]
    fn filters_are_grouped() {
        let role = |role| json!({ "field": "role", "operator": "=", "value": role });
        for (operator, role_asked, count) in
            [("AND", "lead", 2), ("AND", "user", 0), ("OR", "user", 2)]
        {
            let query = json!({ "operator": operator, "value": [role(role_asked), after(0)] });
            let page =
                search(json!({ "query": query })).page(contacts(3), "data", &TimeZone::UTC, 150);
            assert_eq!(
                page.unwrap()["total_count"],
                count,
                "{operator} {role_asked}"
            );
        }
    }

    #[test]
    fn what_intercom_refuses_is_refused() {
        let at_least = json!({ "field": "updated_at", "operator": ">=", "value": 0 });
        for body in [
            json!({ "query": at_least }),
            json!({ "query": after(0), "sort": { "field": "updated_at", "order": "asc" } }),
            json!({ "query": after(0), "pagination": { "per_page": 151 } }),
            json!({ "query": after(0), "pagination": { "starting_after": "made-up" } }),
            json!({ "query": { "operator": "XOR", "value": [after(0)] } }),
            json!({ "query": { "field": "role", "operator": ">", "value": "lead" } }),
        ] {
            let refused = search(body.clone()).page(contacts(1), "data", &TimeZone::UTC, 150);
            assert!(refused.is_err(), "{body}");
        }
    }
}
