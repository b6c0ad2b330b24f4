//! The directory: requests of the products over a store in memory.

mod antmedia;
mod arangodb;
mod calls;
mod clock;
mod conditions;
mod guards;
mod invariants;
mod lists;
mod meuse;
mod support;
mod throttle;
mod versions;
mod wso2;
mod wso2_limits;
mod wso2_privileges;
