//! One address of the API: its route, and what the document says of it, in one declaration.

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::{FromRequest, Responder};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{
    ContentBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema, SecurityRequirement, schema,
};
use utoipa::{IntoParams, ToSchema};

use super::json::JSON_BYTES;
use super::wire::Problem;
use crate::http::route::Takes;
use crate::http::{Asks, Route, request_key};
use crate::people::Action;

/// The name of the way to show a token, in the document.
pub(super) const TOKEN: &str = "token";
const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

type Schemas = Vec<(String, RefOr<Schema>)>;

/// See the module.
pub(crate) struct Operation {
    route: Route,
    doc: OperationBuilder,
    schemas: Schemas,
}

impl Operation {
    /// What may be done by who may do `action`. `name` is its `operationId`, `says` what it does, in a few words.
    pub(super) fn new<F, Args>(
        method: Method,
        path: &'static str,
        action: Action,
        (name, says): (&'static str, &'static str),
        handler: F,
    ) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = Route::new(method, path, Asks::Program(action), handler).takes(Takes::Nothing);
        let scope = action.scope().map(|scope| scope.to_string());
        let area = path.split('/').nth(3).unwrap_or_default();
        let problem = |says: &str| ResponseBuilder::new().description(says).content(PROBLEM, content::<Problem>());
        let doc = OperationBuilder::new()
            .operation_id(Some(name))
            .summary(Some(says))
            .tag(area)
            .security(SecurityRequirement::new(TOKEN, scope))
            .response("401", problem("No token, an unknown one, or one that has expired."))
            .response("403", problem("The person or the token may not do this."))
            .response("default", problem("What went wrong, in words and with a stable type."));
        let operation = Self { route, doc, schemas: Vec::new() }.knows::<Problem>();
        path.split(['{', '}']).skip(1).step_by(2).fold(operation, Self::names)
    }

    /// Its parameters.
    pub(super) fn asks<Q: IntoParams>(mut self) -> Self {
        self.doc = self.doc.parameters(Some(Q::into_params(|| Some(ParameterIn::Query))));
        self
    }

    /// Its JSON body.
    pub(super) fn takes<T: ToSchema>(mut self) -> Self {
        self.route = self.route.takes(Takes::Json(JSON_BYTES));
        let body = RequestBodyBuilder::new().content(JSON, content::<T>()).required(Some(Required::True));
        self.doc = self.doc.request_body(Some(body.build()));
        self.knows::<T>()
    }

    /// A form with a picture.
    pub(super) fn takes_form<T: ToSchema>(mut self) -> Self {
        self.route = self.route.takes(Takes::Files);
        let body = RequestBodyBuilder::new().content("multipart/form-data", content::<T>());
        self.doc = self.doc.request_body(Some(body.required(Some(Required::True)).build()));
        self.knows::<T>()
    }

    /// It makes something: a request with a key is made once.
    pub(super) fn once(mut self) -> Self {
        let says = "Names what shall be made. The same request with the same key makes it once, also at the same moment, \
                    and finds it for a day; the same key with another request is refused.";
        let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
        let key = key.pattern(Some("^[!-~]+$"));
        self.doc = self.doc.parameter(parameter(request_key::HEADER, ParameterIn::Header, says).schema(Some(key)));
        self
    }

    /// What it answers when all went well.
    pub(super) fn gives<T: ToSchema>(mut self, status: &'static str, says: &'static str) -> Self {
        let response = ResponseBuilder::new().description(says).content(JSON, content::<T>());
        self.doc = self.doc.response(status, response);
        self.knows::<T>()
    }

    /// A page of a list.
    pub(super) fn lists<T: ToSchema>(mut self, says: &'static str) -> Self {
        let next =
            ObjectBuilder::new().schema_type(schema::SchemaType::from_iter([Type::String, Type::Null])).description(
                Some("The cursor of the next page; null at the end. A page may have fewer items than asked for."),
            );
        let page = ObjectBuilder::new()
            .property("items", reference::<T>().to_array_builder())
            .required("items")
            .property("next", next)
            .required("next");
        let content = ContentBuilder::new().schema(Some(page)).build();
        self.doc = self.doc.response("200", ResponseBuilder::new().description(says).content(JSON, content));
        self.knows::<T>()
    }

    /// It answers with nothing.
    pub(super) fn gives_nothing(mut self) -> Self {
        self.doc = self.doc.response("204", Response::new("Done."));
        self
    }

    /// The route.
    pub(super) fn into_route(self) -> Route {
        self.route
    }

    /// What the document says: the path, the method, the rest, and the schemas it speaks of.
    pub(super) fn into_doc(self) -> (&'static str, HttpMethod, OperationBuilder, Schemas) {
        let method = match self.route.method.as_str() {
            "POST" => HttpMethod::Post,
            "PUT" => HttpMethod::Put,
            "DELETE" => HttpMethod::Delete,
            _ => HttpMethod::Get,
        };
        (self.route.path, method, self.doc, self.schemas)
    }

    /// A parameter in the path, which is an id.
    fn names(mut self, name: &str) -> Self {
        let id = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-7][0-9A-HJKMNP-TV-Z]{25}$"));
        let says = format!("The id of the {name}.");
        self.doc =
            self.doc.parameter(parameter(name, ParameterIn::Path, &says).required(Required::True).schema(Some(id)));
        self
    }

    fn knows<T: ToSchema>(mut self) -> Self {
        T::schemas(&mut self.schemas);
        self.schemas.push((T::name().into_owned(), T::schema()));
        self
    }
}

fn parameter(name: &str, place: ParameterIn, says: &str) -> ParameterBuilder {
    ParameterBuilder::from(Parameter::new(name)).parameter_in(place).description(Some(says)).required(Required::False)
}

fn reference<T: ToSchema>() -> Ref {
    Ref::from_schema_name(T::name())
}

fn content<T: ToSchema>() -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(reference::<T>())).build()
}
