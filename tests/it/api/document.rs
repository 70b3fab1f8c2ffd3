//! The document says what the routes are, and the routes are what it says.

use std::collections::BTreeSet;

use belfry::http::Asks;
use belfry::{api, boot};
use serde_json::Value;

use crate::app::TestApp;

#[test]
fn every_route_of_the_api_stands_in_the_document_and_nothing_else_does() {
    let document = serde_json::to_value(api::document("")).unwrap();
    let methods = |(path, item): (&String, &Value)| {
        let path = path.clone();
        item.as_object()
            .unwrap()
            .keys()
            .map(move |method| format!("{} {path}", method.to_uppercase()))
            .collect::<Vec<_>>()
    };
    let told: BTreeSet<_> = document["paths"].as_object().unwrap().iter().flat_map(methods).collect();
    let of_api = boot::routes().into_iter().filter(|route| route.path.starts_with("/api/"));
    let (open, own): (Vec<_>, Vec<_>) = of_api.partition(|route| route.asks == Asks::Anyone);
    let routes: BTreeSet<_> = own.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(told, routes);
    let open: Vec<_> = open.iter().map(|route| route.path).collect();
    assert_eq!(open, ["/api/v1/openapi.json"], "only the document itself asks for no token");
    assert!(own.iter().all(|route| matches!(route.asks, Asks::Program(_))));
}

#[test]
fn every_reference_leads_to_a_schema_and_every_operation_names_its_scope_once() {
    let document = serde_json::to_value(api::document("")).unwrap();
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name} is not in the document");
    }
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut names = BTreeSet::new();
    for operation in operations {
        assert!(operation["security"][0]["token"][0].as_str().unwrap().contains(':'), "{operation}");
        assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{operation}");
    }
    assert_eq!(document["openapi"], "3.1.0");
}

#[tokio::test]
async fn the_document_is_for_everyone() {
    let test = TestApp::start().await;
    let page = test.browser().get("/api/v1/openapi.json").await;
    assert_eq!((page.status, &page.headers["content-type"]), (200, &"application/json".parse().unwrap()));
    assert_eq!(serde_json::from_str::<Value>(&page.text).unwrap(), serde_json::to_value(api::document("")).unwrap());
    let nowhere = test.browser().get("/api").await;
    assert!(nowhere.headers["content-type"].to_str().unwrap().contains("problem+json"), "never a page");
    test.stop().await;
}
