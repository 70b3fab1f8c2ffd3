use super::{Hash, hash_now, verify_now};

#[test]
fn a_password_is_known_again_and_no_other() {
    let hash = hash_now(b"correct horse battery").unwrap();
    assert!(verify_now(b"correct horse battery", &hash));
    assert!(!verify_now(b"correct horse batterz", &hash));
    assert!(!verify_now(b"", &hash));
    assert_ne!(hash, hash_now(b"correct horse battery").unwrap(), "each has a salt of its own");
}

#[test]
fn the_hash_says_how_it_was_made_and_does_not_print() {
    let hash = hash_now(b"correct horse battery").unwrap();
    assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.0);
    assert_eq!(format!("{hash:?}"), "Hash(…)");
}

#[test]
fn a_damaged_hash_opens_to_nothing() {
    for broken in ["", "x", "$argon2id$v=19$m=19456,t=2,p=1$"] {
        assert!(!verify_now(b"", &Hash(broken.to_owned())), "{broken}");
    }
}
