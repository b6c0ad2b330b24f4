//! A request with its route: parses its body and query, and decides its question.

use super::super::calls::Route;
use super::super::publish::is_version;
use super::super::resource::resource_name;
use super::super::{Kind, Meuse, Records};
use super::stored::{Crate, User};
use super::{inputs, responses, sign_in};
use crate::directory::prelude::{Authorized, BodyError, Call, Interrupt, Transaction};
use crate::document::value::Value;
use crate::system::Ruling;
use crate::system::{Question, System};
use crate::tables::word::Word;

/// A request with its route.
pub(super) struct RoutedRequest<'c> {
    pub(super) call: &'c Call<'c>,
    pub(super) route: Route,
}

/// The entries that a decision depends on.
#[derive(Clone, Copy, Default)]
pub(super) struct DecisionInputs<'k> {
    /// The caller, if the request has a token.
    pub(super) caller: Option<&'k User>,
    /// The user in the question, if the request requires no token.
    pub(super) account: Option<&'k User>,
    /// The crate in the question, if it exists.
    pub(super) krate: Option<&'k Crate>,
}

impl<'c> RoutedRequest<'c> {
    /// `None` if the name in the path cannot exist; Meuse does not have a route for such a path.
    pub(super) fn new(call: &'c Call<'c>, route: Route) -> Option<Self> {
        let has_resource = route.name(0).is_empty()
            || resource_name(route.action, &route.question(&[], &Value::Null).resource).is_some();
        has_resource.then_some(Self { call, route })
    }

    /// Whether this is a request of Cargo's API.
    pub(super) fn is_from_cargo(&self) -> bool {
        self.call.path.starts_with("/api/v1/crates")
    }

    /// Authenticates the caller.
    pub(super) fn authenticate_caller(&self, tx: &mut Transaction<'_>) -> Result<User, Interrupt> {
        sign_in::authenticate_caller(tx, self.call)
    }

    /// Parses the body as JSON; `null` without a body. Every handler of Meuse's own API parses the body before it
    /// decides.
    ///
    /// Source: mcorbin/meuse, src/meuse/request.clj, `convert-body-edn`.
    pub(super) fn parse_json(&self) -> Result<Value, Interrupt> {
        match self.call.json() {
            Ok(body) => Ok(body),
            Err(BodyError::Absent) => Ok(Value::Null),
            Err(BodyError::Malformed) => Err(inputs::reject_malformed_json()),
        }
    }

    /// Parses and validates the body.
    pub(super) fn parse_body(&self, tx: &Transaction<'_>, kind: Kind) -> Result<Value, Interrupt> {
        self.validate(tx, kind, "body", &self.parse_json()?)
    }

    /// Parses and validates the query parameters.
    pub(super) fn parse_query(&self, tx: &Transaction<'_>, kind: Kind) -> Result<Value, Interrupt> {
        self.validate(tx, kind, "params", &inputs::query_to_object(self.call))
    }

    /// Validates a value, and returns it in the form that Meuse stores. `place` is Meuse's name for the part of the
    /// request that contains the value.
    pub(super) fn validate(
        &self,
        tx: &Transaction<'_>,
        kind: Kind,
        place: &str,
        value: &Value,
    ) -> Result<Value, Interrupt> {
        let valid = tx.validate::<Meuse>(&Records::default(), kind, value);
        valid.map_err(|problems| inputs::reject_invalid(&problems, value, place))
    }

    /// Decides the question of the request.
    pub(super) fn decide(
        &self,
        tx: &mut Transaction<'_>,
        inputs: DecisionInputs<'_>,
        body: &Value,
    ) -> Result<Result<Authorized, Ruling<Meuse>>, Interrupt> {
        let records = tx.parse_records::<Meuse>(&inputs.to_records())?;
        let subject = Meuse::subject(&records, inputs.caller.map(|caller| caller.name.as_str()));
        let Question { resource, attributes, .. } = self.question(body);
        Ok(tx.decide::<Meuse>(&records, &subject, self.route.action, &resource, &attributes))
    }

    /// Authorizes the request; if the rules deny it, rejects it with the product's message.
    pub(super) fn authorize(
        &self,
        tx: &mut Transaction<'_>,
        inputs: DecisionInputs<'_>,
        body: &Value,
    ) -> Result<Authorized, Interrupt> {
        self.decide(tx, inputs, body)?.map_err(|ruling| self.reject_by_rule(&ruling, inputs, body))
    }

    /// As [`RoutedRequest::authorize`], for decisions that depend on neither the body nor a crate.
    pub(super) fn authorize_for(&self, tx: &mut Transaction<'_>, caller: &User) -> Result<Authorized, Interrupt> {
        self.authorize(tx, DecisionInputs { caller: Some(caller), ..DecisionInputs::default() }, &Value::Null)
    }

    /// Rejects the request with the product's message for this ruling.
    pub(super) fn reject_by_rule(&self, ruling: &Ruling<Meuse>, inputs: DecisionInputs<'_>, body: &Value) -> Interrupt {
        let resource = self.question(body).resource;
        let about = resource_name(self.route.action, &resource).unwrap_or("");
        responses::reject_by_rule(ruling.rule, inputs.caller.map_or("", |caller| &caller.name), about)
    }

    fn question(&self, body: &Value) -> Question {
        let parameters = self.call.parameters();
        let mut query = Vec::with_capacity(parameters.len());
        for (name, value) in &parameters {
            query.push((name.as_str(), value.as_str()));
        }
        self.route.question(&query, body)
    }

    /// Rejects the request if the version in the path is invalid.
    ///
    /// Source: mcorbin/meuse, src/meuse/spec.clj, `:meuse.api.crate.yank/yank` and
    /// `:meuse.api.crate.download/download`.
    pub(super) fn check_version(&self) -> Result<(), Interrupt> {
        if is_version(self.route.name(1)) {
            Ok(())
        } else {
            Err(inputs::reject_version("crate-version"))
        }
    }
}

impl DecisionInputs<'_> {
    fn to_records(self) -> Value {
        let mut users = Vec::new();
        for user in [self.caller, self.account].into_iter().flatten() {
            let (name, role) = (Value::from(user.name.as_str()), Value::from(user.role.word()));
            users.push(Value::object([("name", name), ("role", role), ("active", user.active.into())]));
        }
        let mut crates = Vec::new();
        if let Some(krate) = self.krate {
            // Of all owners, only the caller affects the decision.
            let owners = self.caller.filter(|caller| krate.owners.contains(&caller.name));
            let owners: Vec<&str> = owners.iter().map(|owner| owner.name.as_str()).collect();
            crates.push(Value::object([("name", krate.name.as_str().into()), ("owners", Value::texts(&owners))]));
        }
        Value::object([("users", Value::List(users)), ("crates", Value::List(crates))])
    }
}
