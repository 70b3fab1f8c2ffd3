use super::Form;

fn parsed(body: &str) -> Vec<(String, String)> {
    Form::parse(body.as_bytes()).unwrap().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn a_form_is_read_as_browsers_write_it() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(parsed("a=1&b=two+words&c=%C3%A9%26"), [pair("a", "1"), pair("b", "two words"), pair("c", "é&")]);
    assert_eq!(parsed("a&b=&=c&&d=e=f"), [pair("a", ""), pair("b", ""), pair("", "c"), pair("d", "e=f")]);
    assert_eq!(parsed(""), []);
    let form = Form::parse(b"day=mo&day=tu&text=a%0D%0Ab&n=+42+").unwrap();
    assert_eq!(form.all("day").collect::<Vec<_>>(), ["mo", "tu"]);
    assert_eq!(form.text("text"), "a\nb");
    assert_eq!(form.read::<u8>("n"), Some(42));
    assert_eq!((form.text("none"), form.has("none"), form.read::<u8>("text")), (String::new(), false, None));
}

#[test]
fn what_is_not_utf_8_is_refused_rather_than_changed() {
    for broken in [&b"a=%FF"[..], b"a=%C3", b"a=\xC3\x28", b"a=%zz", b"a=%2", b"%E0%80%80=1", b"a=%00"] {
        assert!(Form::parse(broken).is_err(), "{broken:?}");
    }
}

#[test]
fn a_form_prints_names_only() {
    assert_eq!(format!("{:?}", Form::parse(b"password=hunter2").unwrap()), r#"["password"]"#);
}

#[test]
fn what_was_written_is_kept_and_secrets_are_not() {
    let form = Form::parse(b"text=Fresh+apples&new_password=correct+horse&tone=7&alt-1=Two+crates&code=A+B").unwrap();
    assert_eq!(form.written().collect::<Vec<_>>(), ["Fresh apples", "Two crates"]);
}
