//! Lists whose pages are numbered.

use serde::Deserialize;
use serde_json::{Value, json};

use super::declined::Declined;
use crate::fake::Options;

/// Most elements of a page.
const LARGEST: usize = 60;

/// Elements that can be reached by numbers.
const REACHABLE: usize = 10_000;

/// Which page is asked for.
#[derive(Deserialize)]
pub(super) struct Numbered {
    page: Option<usize>,
    per_page: Option<usize>,
}

impl Numbered {
    /// The page, of all of them, which stand under `key`.
    pub(super) fn page(
        &self,
        all: Vec<Value>,
        key: &str,
        usual: usize,
        options: &Options,
    ) -> Result<Value, Declined> {
        let page = self.page.unwrap_or(1);
        let per_page = self.per_page.unwrap_or(usual);
        if page == 0 || !(1..=LARGEST).contains(&per_page) {
            return Err(Declined::invalid("page or per_page is out of range"));
        }
        let per_page = per_page.min(options.largest_page);
        let total = all.len();
        let start = (page - 1) * per_page;
        if start >= REACHABLE {
            let said = "page limit reached, please use the scroll API";
            return Err(Declined::new(400, "page_limit_reached", said));
        }
        let shown: Vec<Value> = all.into_iter().skip(start).take(per_page).collect();
        let total_pages = total.div_ceil(per_page);
        let size = match options.page_size_is_text {
            true => json!(per_page.to_string()),
            false => json!(per_page),
        };
        Ok(json!({
            "type": "list", key: shown, "total_count": total,
            "pages": { "type": "pages", "next": null, "page": page, "per_page": size, "total_pages": total_pages },
        }))
    }
}
