use super::*;

/// The example of the specification.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn at() -> At {
    At::from_millis(1_614_265_330_000)
}

fn headers(signature: &str) -> BTreeMap<String, String> {
    [("webhook-id", ID), ("webhook-timestamp", "1614265330"), ("webhook-signature", signature)]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn the_example_of_the_specification_is_signed_as_it_says() {
    let signed = sign(SECRET, ID, at(), br#"{"test": 2432232314}"#).unwrap();
    assert_eq!(signed[1].1, "1614265330");
    assert_eq!(signed[2].1, SIGNATURE);
}

#[test]
fn what_was_signed_is_believed_for_five_minutes() {
    let body = br#"{"test": 2432232314}"#;
    let table = [(0, true), (299, true), (301, false), (-299, true), (-301, false)];
    for (later_s, believed) in table {
        let now = At::from_millis(at().as_millis() + later_s * 1000);
        assert_eq!(verify(SECRET, &headers(SIGNATURE), body, now).is_ok(), believed, "{later_s}");
    }
    let rotated = format!("v1a,x v1,{} {SIGNATURE}", BASE64.encode(b"another"));
    assert_eq!(verify(SECRET, &headers(&rotated), body, at()).unwrap(), ID);
}

#[test]
fn nothing_else_is_believed() {
    let body = br#"{"test": 2432232314}"#;
    assert!(verify(SECRET, &headers(SIGNATURE), br#"{"test": 2432232315}"#, at()).is_err());
    assert!(verify(&make_secret(), &headers(SIGNATURE), body, at()).is_err());
    for signature in ["", "v1,", "v1,!!", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "v1,AAAA"] {
        assert!(verify(SECRET, &headers(signature), body, at()).is_err(), "{signature:?}");
    }
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut without = headers(SIGNATURE);
        without.remove(name);
        assert!(verify(SECRET, &without, body, at()).is_err(), "{name}");
    }
    let mut other_id = headers(SIGNATURE);
    other_id.insert("webhook-id".to_owned(), "msg_other".to_owned());
    assert!(verify(SECRET, &other_id, body, at()).is_err());
    let mut no_time = headers(SIGNATURE);
    no_time.insert("webhook-timestamp".to_owned(), "soon".to_owned());
    assert!(verify(SECRET, &no_time, body, at()).is_err());
}

#[test]
fn a_secret_is_base64_of_24_to_64_bytes() {
    assert!(is_secret(&make_secret()) && is_secret(SECRET));
    for secret in ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64!", "password"] {
        assert!(!is_secret(secret), "{secret:?}");
    }
}
