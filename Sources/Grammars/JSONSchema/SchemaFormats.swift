/// Formats of strings, as regular expressions over the whole text.
enum SchemaFormats {
    /// Formats that are annotations here: those of no specification, and those about other types than strings.
    static func isAnnotation(_ name: String) -> Bool { expressions[name] == nil && !unsupported.contains(name) }

    /// Formats of JSON Schema that are not followed.
    private static let unsupported: Set<String> = [
        "idn-email", "idn-hostname", "uri-reference", "iri", "iri-reference", "uri-template", "json-pointer",
        "relative-json-pointer", "regex",
    ]

    static let expressions: [String: String] = [
        "date": "^\(date)$",
        "time": "^\(time)\(zone)$",
        "date-time": "^\(date)T\(time)\(zone)$",
        "duration":
            "^P(\\d{1,4}W|(\\d{1,4}Y(\\d{1,3}M(\\d{1,3}D)?)?|\\d{1,3}M(\\d{1,3}D)?|\\d{1,3}D)(T\(duration))?|T\(duration))$",
        "uuid": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        "email": "^\(atom)(\\.\(atom)){0,4}@\(label)(\\.\(label)){1,4}$",
        "hostname": "^\(label)(\\.\(label)){0,3}$",
        "ipv4": "^\(octet)(\\.\(octet)){3}$",
        "ipv6": "^(\(group):){7}\(group)$|^(\(group):){1,6}:\(group)$|^::(\(group))?$",
        "uri":
            "^[a-zA-Z][a-zA-Z0-9+.-]{0,15}://\(label)(\\.\(label)){0,4}(:[1-9]\\d{0,3})?(/\(path))?(\\?\(path))?(#\(path))?$",
    ]

    private static let leapYear = "((\\d\\d(0[48]|[2468][048]|[13579][26]))|((0[48]|[2468][048]|[13579][26])00))"
    private static let year = "(000[1-9]|00[1-9]\\d|0[1-9]\\d\\d|[1-9]\\d{3})"
    private static let date =
        "(\(year)-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))|\(leapYear)-02-29)"
    private static let time = "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?"
    private static let zone = "(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)"
    private static let duration = "(\\d{1,3}H(\\d{1,3}M(\\d{1,3}S)?)?|\\d{1,3}M(\\d{1,3}S)?|\\d{1,3}S)"
    private static let atom = "[a-zA-Z0-9_+-]{1,20}"
    private static let label = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,40}[a-zA-Z0-9])?"
    private static let octet = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
    private static let group = "[0-9a-fA-F]{1,4}"
    private static let path = "([a-zA-Z0-9._~!$&'()*+,;=:@/?-]|%[0-9a-fA-F]{2})*"
}
