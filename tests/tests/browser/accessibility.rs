//! What axe-core finds wrong with a page for people who do not see it, or use no mouse.

use serde_json::Value;

use crate::driver::Browser;

/// Where `make test` puts it.
const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../.venv/axe/axe_playwright_python/axe.min.js"
);

/// What axe calls serious or critical about the page.
pub(crate) async fn grave_findings(browser: &Browser) -> Vec<String> {
    let axe = std::fs::read_to_string(AXE).expect("axe-core is missing: make test installs it");
    browser.inject(&axe).await;
    let found = "axe.run(document).then((result) => result.violations)";
    let violations = browser.run_to_its_end(found).await;
    let violations = violations.as_array().expect("axe ran").iter();
    violations
        .filter(|violation| matches!(violation["impact"].as_str(), Some("serious" | "critical")))
        .map(described)
        .collect()
}

fn described(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let where_: Vec<_> = nodes.map(|node| node["html"].to_string()).collect();
    format!("{} in {}", violation["help"], where_.join(", "))
}
