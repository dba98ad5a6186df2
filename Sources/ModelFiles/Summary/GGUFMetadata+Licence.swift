extension GGUFMetadata {
    /// What the file says of its licence.
    package var declaredLicence: Licence {
        let name = string("general.license")
        // "other" refers to a name of its own.
        let named = string("general.license.name")
        return Licence(declared: (name == nil || name == "other" ? named : nil) ?? name ?? "")
    }
}
