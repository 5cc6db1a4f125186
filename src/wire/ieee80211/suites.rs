//! Cipher and key-management suites, and the bodies of the RSN and WPA elements that list them.
//!
//! Defaults for what an element leaves out are those of IEEE 802.11-2020 9.4.2.24 as hostap's
//! `wpa_parse_wpa_ie_rsn` and `wpa_parse_wpa_ie_wpa` apply them.

use crate::facts::wifi::{Akm, Cipher, Suites};

/// MFPR, RSN capabilities bit 6.
const MFP_REQUIRED: u16 = 0x0040;
/// MFPC, RSN capabilities bit 7.
const MFP_CAPABLE: u16 = 0x0080;

/// The body of an RSN element, or of an RSN override element after its organisation and type.
/// `None` when it is cut off within a field, of another version, or lists no suite where it must.
pub fn rsn(body: &[u8]) -> Option<Suites> {
    let mut suites = Suites {
        group: Cipher::Ccmp128,
        pairwise: vec![Cipher::Ccmp128],
        akms: vec![Akm::Ieee8021x],
        mfp_capable: false,
        mfp_required: false,
        group_management: None,
    };
    let mut reader = Reader(body);
    if reader.u16()? != 1 {
        return None;
    }
    lists(&mut reader, &mut suites)?;
    if reader.is_empty() {
        return Some(suites);
    }
    let capabilities = reader.u16()?;
    suites.mfp_required = capabilities & MFP_REQUIRED != 0;
    suites.mfp_capable = capabilities & MFP_CAPABLE != 0;
    if suites.mfp_capable {
        suites.group_management = Some(Cipher::BipCmac128);
    }
    if reader.is_empty() {
        return Some(suites);
    }
    let pmkids = reader.u16()?;
    reader.take(usize::from(pmkids).checked_mul(16)?)?;
    if !reader.is_empty() {
        suites.group_management = Some(cipher(reader.selector()?));
    }
    Some(suites)
}

/// The body of a WPA element after its organisation and type.
pub fn wpa(body: &[u8]) -> Option<Suites> {
    let mut suites = Suites {
        group: Cipher::Tkip,
        pairwise: vec![Cipher::Tkip],
        akms: vec![Akm::WpaIeee8021x],
        mfp_capable: false,
        mfp_required: false,
        group_management: None,
    };
    let mut reader = Reader(body);
    if reader.u16()? != 1 {
        return None;
    }
    lists(&mut reader, &mut suites)?;
    Some(suites)
}

/// Group cipher, pairwise ciphers, key managements: each may be missing with all that follow.
fn lists(reader: &mut Reader<'_>, suites: &mut Suites) -> Option<()> {
    if reader.is_empty() {
        return Some(());
    }
    suites.group = cipher(reader.selector()?);
    if reader.is_empty() {
        return Some(());
    }
    suites.pairwise = reader.selectors()?.into_iter().map(cipher).collect();
    if reader.is_empty() {
        return Some(());
    }
    suites.akms = reader.selectors()?.into_iter().map(akm).collect();
    Some(())
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn selector(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A count and so many selectors; at least one.
    fn selectors(&mut self) -> Option<Vec<u32>> {
        let count = usize::from(self.u16()?);
        let bytes = self.take(count.checked_mul(4)?)?;
        let selectors: Vec<u32> =
            bytes.as_chunks::<4>().0.iter().map(|selector| u32::from_be_bytes(*selector)).collect();
        (!selectors.is_empty()).then_some(selectors)
    }
}

/// A cipher suite by its selector: organisation in the upper 24 bits, type in the lower 8.
pub const fn cipher(selector: u32) -> Cipher {
    match selector {
        0x000f_ac00 => Cipher::UseGroup,
        0x000f_ac01 | 0x0050_f201 => Cipher::Wep40,
        0x000f_ac02 | 0x0050_f202 => Cipher::Tkip,
        0x000f_ac04 | 0x0050_f204 => Cipher::Ccmp128,
        0x000f_ac05 | 0x0050_f205 => Cipher::Wep104,
        0x000f_ac06 => Cipher::BipCmac128,
        0x000f_ac07 => Cipher::GroupNotAllowed,
        0x000f_ac08 => Cipher::Gcmp128,
        0x000f_ac09 => Cipher::Gcmp256,
        0x000f_ac0a => Cipher::Ccmp256,
        0x000f_ac0b => Cipher::BipGmac128,
        0x000f_ac0c => Cipher::BipGmac256,
        0x000f_ac0d => Cipher::BipCmac256,
        0x0050_f200 => Cipher::None,
        0x0014_7201 => Cipher::Sms4,
        0x0040_9600 | 0x0040_9601 | 0x0040_9602 | 0x0040_96ff => Cipher::Ckip,
        other => Cipher::Other(other),
    }
}

/// A key management suite by its selector.
pub const fn akm(selector: u32) -> Akm {
    match selector {
        0x000f_ac01 => Akm::Ieee8021x,
        0x000f_ac02 => Akm::Psk,
        0x000f_ac03 => Akm::FtIeee8021x,
        0x000f_ac04 => Akm::FtPsk,
        0x000f_ac05 => Akm::Ieee8021xSha256,
        0x000f_ac06 => Akm::PskSha256,
        0x000f_ac08 => Akm::Sae,
        0x000f_ac09 => Akm::FtSae,
        0x000f_ac0b => Akm::SuiteB,
        0x000f_ac0c => Akm::SuiteB192,
        0x000f_ac0d => Akm::FtIeee8021xSha384,
        0x000f_ac0e => Akm::FilsSha256,
        0x000f_ac0f => Akm::FilsSha384,
        0x000f_ac10 => Akm::FtFilsSha256,
        0x000f_ac11 => Akm::FtFilsSha384,
        0x000f_ac12 => Akm::Owe,
        0x000f_ac13 => Akm::FtPskSha384,
        0x000f_ac14 => Akm::PskSha384,
        0x000f_ac16 => Akm::FtIeee8021xSha384Unrestricted,
        0x000f_ac17 => Akm::Ieee8021xSha384,
        0x000f_ac18 => Akm::SaeExtKey,
        0x000f_ac19 => Akm::FtSaeExtKey,
        0x0050_f200 => Akm::WpaNone,
        0x0050_f201 => Akm::WpaIeee8021x,
        0x0050_f202 => Akm::WpaPsk,
        0x0040_9600 => Akm::Cckm,
        0x506f_9a01 => Akm::Osen,
        0x506f_9a02 => Akm::Dpp,
        other => Akm::Other(other),
    }
}
