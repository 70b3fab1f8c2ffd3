use actix_web::http::header::{HeaderMap, HeaderValue, LOCATION};

use super::{put_into_headers, put_into_page};

#[test]
fn own_addresses_get_the_base_path_and_nothing_else_does() {
    let page = maud::html! {
        a href="/w/a/today" { "href=\"/not-an-attribute\"" }
        a href="https://other.example/" { "x" }
        a href="#main" { "x" }
        form action="/sign-in" { button formaction="/sign-out" {} }
        img src="/media/x" alt="src=\"/x\"";
        live-part data-url="/w/a/part" {}
    };
    assert_eq!(
        put_into_page(&page.into_string(), "/belfry"),
        "<a href=\"/belfry/w/a/today\">href=&quot;/not-an-attribute&quot;</a><a href=\"https://other.example/\">x</a>\
         <a href=\"#main\">x</a><form action=\"/belfry/sign-in\"><button formaction=\"/belfry/sign-out\"></button></form>\
         <img src=\"/belfry/media/x\" alt=\"src=&quot;/x&quot;\"><live-part data-url=\"/belfry/w/a/part\"></live-part>"
    );
}

#[test]
fn redirects_get_it_too() {
    for (from, expected) in
        [("/w/a/", "/belfry/w/a/"), ("https://other.example/", "https://other.example/"), ("//other", "//other")]
    {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_static(from));
        put_into_headers(&mut headers, "/belfry");
        assert_eq!(headers.get(LOCATION).unwrap(), expected);
    }
}
