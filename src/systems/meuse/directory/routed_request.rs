//! One request, and the question that it asks the rules of access.

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

/// A request that took a route.
pub(super) struct RoutedRequest<'c> {
    pub(super) call: &'c Call<'c>,
    pub(super) route: Route,
}

/// What a decision is made of: no more records than the question needs.
#[derive(Clone, Copy, Default)]
pub(super) struct DecisionInputs<'k> {
    /// Who asks, if a token was read.
    pub(super) caller: Option<&'k User>,
    /// Whose account it is about, where nobody is signed in.
    pub(super) account: Option<&'k User>,
    /// The crate that it is about, if there is one.
    pub(super) krate: Option<&'k Crate>,
}

impl<'c> RoutedRequest<'c> {
    /// `None` where the path names nothing that can exist, so that Meuse has no such route.
    pub(super) fn new(call: &'c Call<'c>, route: Route) -> Option<Self> {
        let has_resource = route.name(0).is_empty()
            || resource_name(route.action, &route.question(&[], &Value::Null).resource).is_some();
        has_resource.then_some(Self { call, route })
    }

    /// Whether it is one of the calls that Cargo makes.
    pub(super) fn is_from_cargo(&self) -> bool {
        self.call.path.starts_with("/api/v1/crates")
    }

    /// The user whose token was sent.
    pub(super) fn authenticate_caller(&self, tx: &mut Transaction<'_>) -> Result<User, Interrupt> {
        sign_in::authenticate_caller(tx, self.call)
    }

    /// The body as JSON; `null` without one. Every call of Meuse's own API reads it, before anything is decided.
    ///
    /// Source: mcorbin/meuse, src/meuse/request.clj, `convert-body-edn`.
    pub(super) fn parse_json(&self) -> Result<Value, Interrupt> {
        match self.call.json() {
            Ok(body) => Ok(body),
            Err(BodyError::Absent) => Ok(Value::Null),
            Err(BodyError::Malformed) => Err(inputs::reject_malformed_json()),
        }
    }

    /// The body, which must be one of this kind.
    pub(super) fn parse_body(&self, tx: &Transaction<'_>, kind: Kind) -> Result<Value, Interrupt> {
        self.validate(tx, kind, "body", &self.parse_json()?)
    }

    /// The query parameters, which must be those of this kind.
    pub(super) fn parse_query(&self, tx: &Transaction<'_>, kind: Kind) -> Result<Value, Interrupt> {
        self.validate(tx, kind, "params", &inputs::query_to_object(self.call))
    }

    /// The value as Meuse would store it. `place` is what Meuse calls where it stands.
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

    /// The decision on what the request asks.
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

    /// Leave to go on; else the refusal in the product's words.
    pub(super) fn authorize(
        &self,
        tx: &mut Transaction<'_>,
        inputs: DecisionInputs<'_>,
        body: &Value,
    ) -> Result<Authorized, Interrupt> {
        self.decide(tx, inputs, body)?.map_err(|ruling| self.reject_by_rule(&ruling, inputs, body))
    }

    /// As [`RoutedRequest::authorize`], where neither the body nor a crate decides.
    pub(super) fn authorize_for(&self, tx: &mut Transaction<'_>, caller: &User) -> Result<Authorized, Interrupt> {
        self.authorize(tx, DecisionInputs { caller: Some(caller), ..DecisionInputs::default() }, &Value::Null)
    }

    /// The refusal in the product's words.
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

    /// Whether the path's version is one; else the refusal.
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
            // Of all owners only the one who asks decides.
            let owners = self.caller.filter(|caller| krate.owners.contains(&caller.name));
            let owners: Vec<&str> = owners.iter().map(|owner| owner.name.as_str()).collect();
            crates.push(Value::object([("name", krate.name.as_str().into()), ("owners", Value::texts(&owners))]));
        }
        Value::object([("users", Value::List(users)), ("crates", Value::List(crates))])
    }
}
