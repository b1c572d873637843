//! What the shop sells.

/// A product.
pub(super) struct Product {
    /// The last part of its page's path.
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) price: &'static str,
    pub(super) text: &'static str,
    /// SVG, as it stands in the page.
    pub(super) picture: &'static str,
}

macro_rules! product {
    ($id:literal, $name:literal, $price:literal, $text:literal) => {
        Product {
            id: $id,
            name: $name,
            price: $price,
            text: $text,
            picture: include_str!(concat!("../../shop/", $id, ".svg")),
        }
    };
}

pub(super) const PRODUCTS: [Product; 4] = [
    product!(
        "lamp",
        "Dune lamp",
        "€89",
        "A linen shade on a foot of ash. Its light is warm, and stays where you need it."
    ),
    product!(
        "chair",
        "Harbour chair",
        "€240",
        "Steam-bent beech with a woven seat. Four of them fit around any table."
    ),
    product!(
        "vase",
        "Tide vase",
        "€54",
        "Thrown by hand, glazed in two blues. No two are alike."
    ),
    product!(
        "clock",
        "Noon clock",
        "€72",
        "No numbers, no ticking: the time at a glance, on a plain face."
    ),
];
