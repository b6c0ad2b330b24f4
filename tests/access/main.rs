//! Decisions: documented cases, properties and independent evaluators of each model.

mod antmedia;
mod arangodb;
mod conformance;
mod meuse;
mod products_holders;
mod rbac_diff;
mod rbac_filter;
mod rbac_holders;
mod rbac_lint;
mod rbac_messages;
mod rbac_properties;
mod rbac_questions;
mod rbac_reference;
mod rbac_remedies;
mod recorded;
mod support;
mod tyk;
mod wso2;
