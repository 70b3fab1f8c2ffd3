use std::time::Duration;

use super::{OUTSIDE_FOR, Signature, Signer};
use crate::base::clock::At;
use crate::base::seal::Sealer;
use crate::media::AssetId;
use crate::people::WorkspaceId;

const DAY: Duration = Duration::from_hours(24);

fn workspace() -> WorkspaceId {
    WorkspaceId::from_bits(3)
}

fn asset() -> AssetId {
    AssetId::from_bits(7)
}

/// A Thursday 00:00, when a week begins.
fn week_2900() -> At {
    At::from_millis(7 * 24 * 3600 * 1000 * 2900)
}

fn signature(path: &str) -> Signature {
    let mut given = Signature::default();
    for (name, value) in url::form_urlencoded::parse(path.split_once('?').unwrap().1.as_bytes()) {
        match &*name {
            "w" => given.w = value.parse().ok(),
            "u" => given.u = value.parse().ok(),
            _ => given.s = value.into_owned(),
        }
    }
    given
}

#[test]
fn an_address_stays_the_same_within_a_week_and_holds_for_two() {
    let signer = Signer::new(&Sealer::new([1; 32]));
    let now = week_2900();
    let path = signer.path(workspace(), asset(), "small", now);
    assert!(path.starts_with(&format!("/media/{}/{}/small?w=2900&s=", workspace(), asset())));
    assert_eq!(path, signer.path(workspace(), asset(), "small", now.plus(6 * DAY)));
    assert_ne!(path, signer.path(workspace(), asset(), "small", now.plus(7 * DAY)));
    let given = signature(&path);
    assert_eq!(signer.verify(asset(), "small", &given, now), Some(14 * DAY));
    assert_eq!(signer.verify(asset(), "small", &given, now.plus(13 * DAY)), Some(DAY));
    assert_eq!(signer.verify(asset(), "small", &given, now.plus(14 * DAY)), None);
    assert_eq!(signer.verify(asset(), "small", &given, now.minus(DAY)), None);
}

#[test]
fn an_address_for_outside_holds_for_fifteen_minutes() {
    let signer = Signer::new(&Sealer::new([1; 32]));
    let now = week_2900();
    let given = signature(&signer.outside_path(workspace(), asset(), "small", now));
    assert_eq!(signer.verify(asset(), "small", &given, now), Some(OUTSIDE_FOR));
    assert_eq!(signer.verify(asset(), "small", &given, now.plus(OUTSIDE_FOR)), None);
}

#[test]
fn a_signature_holds_for_nothing_else() {
    let signer = Signer::new(&Sealer::new([1; 32]));
    let now = week_2900();
    let good = signature(&signer.path(workspace(), asset(), "small", now));
    let holds =
        |signer: &Signer, asset, rendition, given: &Signature| signer.verify(asset, rendition, given, now).is_some();
    assert!(holds(&signer, asset(), "small", &good));
    assert!(!holds(&signer, AssetId::from_bits(8), "small", &good));
    assert!(!holds(&signer, asset(), "large", &good));
    assert!(!holds(&Signer::new(&Sealer::new([2; 32])), asset(), "small", &good));
    let altered = [
        Signature { w: Some(2901), ..good.clone() },
        Signature { w: Some(i64::MAX), ..good.clone() },
        Signature { w: Some(i64::MIN), ..good.clone() },
        Signature { w: None, u: good.w, ..good.clone() },
        Signature { u: good.w, ..good.clone() },
        Signature { w: None, ..good.clone() },
        Signature { s: String::new(), ..good.clone() },
        Signature { s: good.s.to_lowercase(), ..good.clone() },
    ];
    for given in altered {
        assert!(!holds(&signer, asset(), "small", &given), "{given:?}");
    }
}
