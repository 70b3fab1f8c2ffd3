use super::{CannotOpen, Sealed, Sealer, Secret};

fn sealer(byte: u8) -> Sealer {
    Sealer::new([byte; 32])
}

#[test]
fn what_was_sealed_opens_for_its_row_only() {
    let sealed = sealer(1).seal(7_u128, b"a token");
    assert_eq!(&**sealer(1).open(7_u128, &sealed).unwrap(), b"a token");
    assert_eq!(sealer(1).open(8_u128, &sealed), Err(CannotOpen));
    assert_eq!(sealer(2).open(7_u128, &sealed), Err(CannotOpen));
}

#[test]
fn the_same_secret_is_sealed_differently_each_time() {
    assert_ne!(sealer(1).seal(7_u128, b"a token"), sealer(1).seal(7_u128, b"a token"));
}

#[test]
fn a_changed_byte_anywhere_is_noticed() {
    let sealed = sealer(1).seal(7_u128, b"a token");
    for at in 0..sealed.0.len() {
        let mut bytes = sealed.0.clone();
        bytes[at] ^= 1;
        assert_eq!(sealer(1).open(7_u128, &Sealed(bytes)), Err(CannotOpen), "byte {at}");
    }
    for length in 0..sealed.0.len() {
        let cut = Sealed(sealed.0[..length].to_vec());
        assert_eq!(sealer(1).open(7_u128, &cut), Err(CannotOpen), "cut to {length}");
    }
}

#[test]
fn values_go_in_and_out() {
    let sealed = sealer(1).seal_value(7_u128, &vec!["a", "b"]).unwrap();
    assert_eq!(sealer(1).open_value::<Vec<String>>(7_u128, &sealed).unwrap(), ["a", "b"]);
    assert_eq!(sealer(1).open_value::<u32>(7_u128, &sealed), Err(CannotOpen));
}

#[test]
fn a_signature_proves_its_purpose_and_its_parts_only() {
    let csrf = sealer(1).signer("csrf");
    let signature = csrf.sign(&[b"ab", b"c"]);
    assert!(csrf.verify(&[b"ab", b"c"], &signature));
    assert!(csrf.verify(&[b"ab", b"c"], &signature[..16]));
    assert!(!csrf.verify(&[b"ab", b"c"], &signature[..15]), "too short to prove anything");
    assert!(!csrf.verify(&[b"ab", b"c"], b""));
    assert!(!csrf.verify(&[b"a", b"bc"], &signature), "parts do not flow into each other");
    assert!(!sealer(1).signer("media").verify(&[b"ab", b"c"], &signature));
    assert!(!sealer(2).signer("csrf").verify(&[b"ab", b"c"], &signature));
}

#[test]
fn nothing_prints() {
    let sealer = sealer(0xAB);
    let shown = format!(
        "{sealer:?} {:?} {:?} {:?}",
        sealer.seal(1_u128, b"hunter2"),
        Secret::new("hunter2"),
        sealer.signer("csrf")
    );
    assert_eq!(shown, "Sealer(…) Sealed(…) Secret(…) Signer(…)");
}
