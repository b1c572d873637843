//! The files of the shop's pages: ours, compiled in, nothing from elsewhere.

const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Declares each file with its content type.
macro_rules! assets {
    ($($file:literal $content_type:expr;)*) => {
        /// Path, content type, content.
        pub(super) const ASSETS: &[(&str, &str, &str)] = &[
            $((concat!("/shop/files/", $file), $content_type, include_str!(concat!("../../shop/", $file)))),*
        ];
    };
}

assets! {
    "shop.css" STYLE;
    "shop.js" SCRIPT;
    "account.js" SCRIPT;
    "basket.js" SCRIPT;
    "checkout.js" SCRIPT;
    "messenger.js" SCRIPT;
    "person.js" SCRIPT;
    "product.js" SCRIPT;
    "recapt.js" SCRIPT;
}
