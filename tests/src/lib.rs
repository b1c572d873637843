//! End-to-end, contract, browser and fault tests.
