//! What the visitor used, by names.

use replay::Device;

/// What is known of it, in an order that people look for.
pub(crate) fn of(device: &Device) -> Vec<(&'static str, String)> {
    let Device {
        browser,
        browser_version,
        os,
        language,
        timezone,
        viewport,
    } = device;
    let version = browser_version.as_deref().unwrap_or_default();
    let browser = browser.as_ref();
    let browser = browser.map(|name| format!("{name} {version}").trim_end().to_owned());
    let window = viewport.map(|size| format!("{} × {}", size.width, size.height));
    [
        ("Browser", browser),
        ("System", os.clone()),
        ("Window", window),
        ("Language", language.clone()),
        ("Time zone", timezone.clone()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}
