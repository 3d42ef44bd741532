//! Keys at rest: sealed to the account and site they belong to.
//!
//! A sealed key is `version (1 byte), master key's id (4), nonce (24), ciphertext and tag`. The nonce is random: with 24
//! bytes it doesn't repeat. Account, site and kind are authenticated with it, so a row copied to another tenant's, or to
//! another kind of secret, doesn't open. The master key's id says which key opens it, so keys can be changed one by one.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, Generate, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};

use crate::key::ApiKey;

const VERSION: u8 = 1;
const KEY: usize = 32;
const ID: usize = 4;
const NONCE: usize = 24;
const HEAD: usize = 1 + ID + NONCE;

/// Whose key it is, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner<'a> {
    /// The account.
    pub account: i64,
    /// The site; none for the account's own key, which serves those of its sites that have none.
    pub site: Option<i64>,
    /// What it opens: `fatgrid`.
    pub kind: &'a str,
}

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// No master key was given.
    #[error(
        "{0}: no master key: give 32 random bytes in base64 or hexadecimal, as `openssl rand -base64 32` prints them"
    )]
    Missing(String),
    /// It can't be read.
    #[error("{place}: the master key can't be read: {message}")]
    File {
        /// What the file is called.
        place: String,
        /// What the system says.
        message: String,
    },
    /// It isn't a key.
    #[error("{place}: master key {number} {message}")]
    Master {
        /// The variable, or what the file is called.
        place: String,
        /// Which of those in it, from 1.
        number: usize,
        /// What is wrong.
        message: &'static str,
    },
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// Not what [`Vault::seal`] made.
    #[error("the stored key is damaged: enter it again")]
    Damaged,
    /// Sealed with a master key that isn't here.
    #[error("the stored key was sealed with another master key (id {0}): add that one, or enter the key again")]
    OtherMaster(String),
    /// Changed, or another owner's.
    #[error("the stored key doesn't open: it was changed, or copied from another account or site")]
    Forged,
}

/// Seals with the first of its master keys, opens with any.
pub struct Vault {
    masters: Vec<Master>,
}

struct Master {
    id: [u8; ID],
    key: SecretBox<[u8; KEY]>,
}

impl Vault {
    /// Reads master keys from a text: base64 (either alphabet) or hexadecimal, separated by blanks, lines or commas. The
    /// first seals; older ones after it only open what they sealed. `place` is named in errors.
    ///
    /// # Errors
    /// `Missing`, `Master`.
    pub fn new(place: &str, text: &SecretString) -> Result<Self, VaultError> {
        let words = text.expose_secret().split([',', ' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
        let masters = words.enumerate().map(|(at, word)| {
            let bad = |message| VaultError::Master { place: place.to_owned(), number: at + 1, message };
            Master::read(word).map_err(bad)
        });
        let masters: Vec<Master> = masters.collect::<Result<_, _>>()?;
        if masters.is_empty() {
            return Err(VaultError::Missing(place.to_owned()));
        }
        Ok(Self { masters })
    }

    /// Reads them from an environment variable.
    ///
    /// # Errors
    /// `Missing`, `Master`.
    pub fn from_env(variable: &str) -> Result<Self, VaultError> {
        let text = std::env::var(variable).map_err(|_| VaultError::Missing(variable.to_owned()))?;
        Self::new(variable, &text.into())
    }

    /// Reads them from a file, called `place` in errors.
    ///
    /// # Errors
    /// `File`, `Missing`, `Master`.
    pub fn from_file(place: &str, path: &Path) -> Result<Self, VaultError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| VaultError::File { place: place.to_owned(), message: error.to_string() })?;
        Self::new(place, &text.into())
    }

    /// A new master key in base64, for whoever sets the service up.
    ///
    /// # Errors
    /// `NoRandom`.
    pub fn generate() -> Result<SecretString, VaultError> {
        let key = SecretBox::new(Box::new(<[u8; KEY]>::try_generate().map_err(|_| VaultError::NoRandom)?));
        Ok(STANDARD.encode(key.expose_secret()).into())
    }

    /// The bytes to store.
    ///
    /// # Errors
    /// `NoRandom`.
    pub fn seal(&self, owner: Owner<'_>, key: &ApiKey) -> Result<Vec<u8>, VaultError> {
        let master = &self.masters[0];
        let nonce = XNonce::try_generate().map_err(|_| VaultError::NoRandom)?;
        let mut sealed = vec![VERSION];
        sealed.extend(master.id);
        sealed.extend(nonce);
        let aad = associated(&sealed[..=ID], owner);
        let payload = Payload { msg: key.bytes(), aad: &aad };
        // Fails only beyond 256 GB.
        sealed.extend(master.cipher().encrypt(&nonce, payload).map_err(|_| VaultError::Damaged)?);
        Ok(sealed)
    }

    /// The key that was stored. A site's owner also opens its account's own key, which the store returns where the site
    /// has none.
    ///
    /// # Errors
    /// `Damaged`, `OtherMaster`, `Forged`.
    pub fn open(&self, owner: Owner<'_>, sealed: &[u8]) -> Result<ApiKey, VaultError> {
        let accounts = Owner { site: None, ..owner };
        match self.open_exactly(owner, sealed) {
            Err(VaultError::Forged) if owner.site.is_some() => self.open_exactly(accounts, sealed),
            other => other,
        }
    }

    /// New bytes to store where another master key than the first sealed these; none where nothing is to be done.
    ///
    /// # Errors
    /// As [`Self::open`], but `owner` must be the row's own; and `NoRandom`.
    pub fn renew(&self, owner: Owner<'_>, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        let key = self.open_exactly(owner, sealed)?;
        let current = sealed.get(1..=ID) == Some(&self.masters[0].id);
        if current { Ok(None) } else { self.seal(owner, &key).map(Some) }
    }

    fn open_exactly(&self, owner: Owner<'_>, sealed: &[u8]) -> Result<ApiKey, VaultError> {
        let (head, ciphertext) = sealed.split_at_checked(HEAD).ok_or(VaultError::Damaged)?;
        let (named, nonce) = head.split_at(1 + ID);
        if named[0] != VERSION {
            return Err(VaultError::Damaged);
        }
        let master = self.masters.iter().find(|master| master.id == named[1..]);
        let master = master.ok_or_else(|| VaultError::OtherMaster(hexadecimal(&named[1..])))?;
        let nonce = XNonce::try_from(nonce).map_err(|_| VaultError::Damaged)?;
        let payload = Payload { msg: ciphertext, aad: &associated(named, owner) };
        let text = master.cipher().decrypt(&nonce, payload).map_err(|_| VaultError::Forged)?;
        let text: SecretString = String::from_utf8(text).map_err(|_| VaultError::Damaged)?.into();
        ApiKey::new(&text).map_err(|_| VaultError::Damaged)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<_> = self.masters.iter().map(|master| hexadecimal(&master.id)).collect();
        f.debug_struct("Vault").field("masters", &ids).finish()
    }
}

impl Master {
    fn read(word: &str) -> Result<Self, &'static str> {
        let bytes = if word.len() == 2 * KEY {
            unhex(word).ok_or("has 64 characters, but they are not hexadecimal")?
        } else {
            let alphabets = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
            let bytes = alphabets.iter().find_map(|alphabet| alphabet.decode(word).ok());
            SecretBox::new(Box::new(bytes.ok_or("is neither base64 nor hexadecimal")?))
        };
        let bytes: &[u8] = bytes.expose_secret();
        let key: [u8; KEY] = bytes.try_into().map_err(|_| "is not 32 bytes long")?;
        if key.iter().all(|byte| *byte == key[0]) {
            return Err("is one byte repeated: use random ones");
        }
        let mut id = [0; ID];
        // A different hash input than anything else of ours, so the id tells nothing that is used elsewhere.
        let digest = Sha256::new().chain_update(b"igny8-linker master key id\0").chain_update(key).finalize();
        id.copy_from_slice(&digest[..ID]);
        Ok(Self { id, key: SecretBox::new(Box::new(key)) })
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(*self.key.expose_secret()))
    }
}

fn unhex(word: &str) -> Option<SecretBox<Vec<u8>>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = word.as_bytes().chunks_exact(2).map(|pair| Some(digit(&pair[0])? << 4 | digit(&pair[1])?));
    pairs.collect::<Option<Vec<u8>>>().map(|bytes| SecretBox::new(Box::new(bytes)))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Everything of fixed length but the last, so that no two owners have the same bytes.
fn associated(named: &[u8], owner: Owner<'_>) -> Vec<u8> {
    let mut bytes = named.to_vec();
    bytes.extend(owner.account.to_be_bytes());
    bytes.push(u8::from(owner.site.is_some()));
    bytes.extend(owner.site.unwrap_or_default().to_be_bytes());
    bytes.extend(owner.kind.as_bytes());
    bytes
}

#[cfg(test)]
mod tests;
