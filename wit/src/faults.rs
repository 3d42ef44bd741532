//! Errors and warnings.

vocabulary! {
    pub enum ErrorCode {
        InvalidDocument "invalid-document" "invalid_document",
        UnknownField "unknown-field" "unknown_field",
        MissingField "missing-field" "missing_field",
        OutOfRange "out-of-range" "out_of_range",
        Empty "empty" "empty",
        InvalidValue "invalid-value" "invalid_value",
        Duplicate "duplicate" "duplicate",
        UnknownReference "unknown-reference" "unknown_reference",
        UnknownCountry "unknown-country" "unknown_country",
        NoTargetPages "no-target-pages" "no_target_pages",
        OutOfBand "out-of-band" "out_of_band",
        Conflict "conflict" "conflict",
        TooLarge "too-large" "too_large",
        NotFound "not-found" "not_found",
        StorageFailed "storage-failed" "storage_failed",
    }
}

record! {
    pub struct Error {
        code "code": ErrorCode,
        field "field": String,
        message "message": String,
    }
}

impl Error {
    pub fn new(code: ErrorCode, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, field: field.into(), message: message.into() }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.field.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.field, self.message)
    }
}

impl std::error::Error for Error {}

record! {
    /// The documents door's answer to bad input.
    pub struct Errors {
        errors "errors": Vec<Error>,
    }
}

vocabulary! {
    pub enum WarningCode {
        NoHomepage "no-homepage" "no-homepage",
        FewTargetPages "few-target-pages" "few-target-pages",
        BelowPageTarget "below-page-target" "below-page-target",
        GroupShareBroken "group-share-broken" "group-share-broken",
        BudgetShareBroken "budget-share-broken" "budget-share-broken",
        AnchorBandRounded "anchor-band-rounded" "anchor-band-rounded",
        AnchorTierBent "anchor-tier-bent" "anchor-tier-bent",
        HighPriceOverBudget "high-price-over-budget" "high-price-over-budget",
        NoKeyword "no-keyword" "no-keyword",
        OutOfBand "out-of-band" "out-of-band",
        AnchorDropped "anchor-dropped" "anchor-dropped",
        PaidDofollow "paid-dofollow" "paid_dofollow",
        Blocklisted "blocklisted" "blocklisted",
    }
}

record! {
    pub struct Warning {
        code "code": WarningCode,
        message "message": String,
        #[serde(skip_serializing_if = "Option::is_none")]
        subject "subject" [skip optional]: Option<String>,
    }
}
