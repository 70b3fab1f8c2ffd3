//! The document of the API, put together from the operations.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::server::Server;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder,
};

use super::operation::TOKEN;
use super::v1;

const ABOUT: &str = "Everything a program can do with a workspace of Belfry. Owners and admins make tokens in Settings or \
with `belfry token create`; a token belongs to one workspace and acts as the person who made it, within its scopes. \
Lists come in pages. What makes something takes an `Idempotency-Key`; what changes something names the `edition` it was \
made from, and is refused when someone else was faster. Failures are problem+json (RFC 9457): ask `type`, which stays; \
words may change.";

/// The document of a server whose addresses begin with this base path.
pub fn document(base_path: &str) -> OpenApi {
    let (mut paths, mut components) = (PathsBuilder::new(), ComponentsBuilder::new());
    for operation in v1::operations() {
        let (path, method, doc, schemas) = operation.into_doc();
        paths = paths.path(path, PathItem::new(method, doc));
        components = schemas.into_iter().fold(components, |components, (name, schema)| components.schema(name, schema));
    }
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("belfry_…");
    let components = components.security_scheme(TOKEN, SecurityScheme::Http(token.build()));
    let licence = LicenseBuilder::new().name("AGPL-3.0-or-later").identifier(Some("AGPL-3.0-or-later"));
    let info = InfoBuilder::new()
        .title("Belfry")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(licence.build()));
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(if base_path.is_empty() { "/" } else { base_path })]))
        .paths(paths)
        .components(Some(components.build()))
        .build()
}
