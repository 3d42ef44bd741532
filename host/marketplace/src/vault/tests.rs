use proptest::prelude::*;

use super::*;

const OWNER: Owner<'_> = Owner { account: 7, site: Some(70), kind: "fatgrid" };
const KEY: &str = "fg_live-8Xq2ZpL0vR.7tYw";

fn key() -> ApiKey {
    ApiKey::new(&KEY.into()).unwrap()
}

fn master() -> String {
    Vault::generate().unwrap().expose_secret().to_owned()
}

fn vault(text: &str) -> Vault {
    Vault::new("IGNY8_MASTER_KEY", &text.into()).unwrap()
}

fn is(key: &ApiKey, text: &str) -> bool {
    key.bytes() == text.as_bytes()
}

fn refused(text: &str) -> VaultError {
    Vault::new("IGNY8_MASTER_KEY", &text.into()).expect_err(text)
}

#[test]
fn what_is_sealed_opens_for_its_owner_only() {
    let vault = vault(&master());
    let key = key();
    let sealed = vault.seal(OWNER, &key).unwrap();
    assert!(is(&vault.open(OWNER, &sealed).unwrap(), KEY));
    assert!(!sealed.windows(4).any(|part| KEY.as_bytes().windows(4).any(|piece| piece == part)));
    assert_ne!(sealed, vault.seal(OWNER, &key).unwrap(), "no two are alike");
    for other in [
        Owner { account: 8, ..OWNER },
        Owner { site: Some(71), ..OWNER },
        Owner { site: None, ..OWNER },
        Owner { kind: "fatgrid2", ..OWNER },
        Owner { kind: "", ..OWNER },
    ] {
        assert_eq!(vault.open(other, &sealed).unwrap_err(), VaultError::Forged, "{other:?}");
    }
}

#[test]
fn an_accounts_own_key_opens_for_its_sites() {
    let vault = vault(&master());
    let accounts = Owner { site: None, ..OWNER };
    let sealed = vault.seal(accounts, &key()).unwrap();
    assert!(vault.open(accounts, &sealed).is_ok() && vault.open(OWNER, &sealed).is_ok());
    assert_eq!(vault.open(Owner { account: 8, ..OWNER }, &sealed).unwrap_err(), VaultError::Forged);
    // Site 0 is not "no site".
    assert_eq!(vault.renew(Owner { site: Some(0), ..OWNER }, &sealed).unwrap_err(), VaultError::Forged);
}

#[test]
fn master_keys_are_changed_one_by_one() {
    let (old, new) = (master(), master());
    let sealed = vault(&old).seal(OWNER, &key()).unwrap();
    let both = vault(&format!("{new},\n{old}"));
    assert!(both.open(OWNER, &sealed).is_ok());
    let renewed = both.renew(OWNER, &sealed).unwrap().expect("sealed by the old one");
    assert_eq!(both.renew(OWNER, &renewed).unwrap(), None);
    assert!(is(&vault(&new).open(OWNER, &renewed).unwrap(), KEY));
    let Err(VaultError::OtherMaster(id)) = vault(&new).open(OWNER, &sealed) else { panic!() };
    assert!(id.len() == 8 && format!("{:?}", vault(&old)).contains(&id), "the id leads to the master key");
}

#[test]
fn master_keys_are_base64_or_hexadecimal() {
    let bytes: Vec<u8> = (200..232).collect();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let sealed = vault(&hex).seal(OWNER, &key()).unwrap();
    let spellings =
        [STANDARD.encode(&bytes), STANDARD_NO_PAD.encode(&bytes), URL_SAFE.encode(&bytes), hex.to_uppercase()];
    for text in spellings {
        assert!(vault(&format!(" {text}\n")).open(OWNER, &sealed).is_ok(), "{text}");
    }
}

#[test]
fn a_bad_master_key_is_named_by_place_and_not_repeated() {
    let good = master();
    let short = STANDARD.encode([7; 31]);
    for (text, number, part) in [
        (short.as_str(), 1, "32 bytes"),
        ("hunter2!", 1, "base64"),
        (&"g".repeat(64), 1, "hexadecimal"),
        (&"00".repeat(32), 1, "repeated"),
        (&format!("{good} hunter2!"), 2, "base64"),
    ] {
        let error = refused(text);
        assert!(matches!(&error, VaultError::Master { number: found, .. } if *found == number), "{error:?}");
        let message = error.to_string();
        assert!(message.starts_with("IGNY8_MASTER_KEY: master key ") && message.contains(part), "{message}");
        assert!(!message.contains("hunter2") && !message.contains(&good) && !message.contains(&short));
    }
    assert!(matches!(refused(" \n"), VaultError::Missing(_)));
    assert!(Vault::from_env("IGNY8_NO_SUCH_VARIABLE").unwrap_err().to_string().starts_with("IGNY8_NO_SUCH_VARIABLE: "));
    assert!(matches!(Vault::from_env("CARGO_MANIFEST_DIR"), Err(VaultError::Master { .. })), "read and refused");
}

#[test]
fn master_keys_are_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    assert!(matches!(Vault::from_file("secret_key_file", &path), Err(VaultError::File { .. })));
    std::fs::write(&path, master() + "\n").unwrap();
    let vault = Vault::from_file("secret_key_file", &path).unwrap();
    let sealed = vault.seal(OWNER, &key()).unwrap();
    assert!(vault.open(OWNER, &sealed).is_ok());
}

proptest! {
    #[test]
    fn any_key_of_any_owner_comes_back(
        text in "[!#-&(-\\[\\]-_a-~]{8,80}", account: i64, site: Option<i64>, kind in "[a-z_]{1,20}",
    ) {
        let vault = vault(&master());
        let owner = Owner { account, site, kind: &kind };
        let sealed = vault.seal(owner, &ApiKey::new(&text.as_str().into()).unwrap()).unwrap();
        prop_assert!(is(&vault.open(owner, &sealed).unwrap(), &text));
    }

    #[test]
    fn one_changed_bit_or_missing_byte_and_it_stays_shut(at: prop::sample::Index, bit in 0u8..8, cut: prop::sample::Index) {
        let vault = vault(&master());
        let sealed = vault.seal(OWNER, &key()).unwrap();
        let mut changed = sealed.clone();
        changed[at.index(sealed.len())] ^= 1 << bit;
        prop_assert!(vault.open(OWNER, &changed).is_err());
        prop_assert!(vault.open(OWNER, &sealed[..cut.index(sealed.len())]).is_err());
        prop_assert!(vault.open(OWNER, &[sealed, vec![0]].concat()).is_err());
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(vault(&master()).open(OWNER, &bytes).is_err());
    }
}
