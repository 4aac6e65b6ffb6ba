import YOLOReporting

/// Something that trainings need, and whether it is there.
package struct MachineCheck: Sendable, Hashable {
    package enum Status: String, Sendable, Encodable {
        case ok
        /// Trainings work, but lack something or are slower.
        case warning
        /// Trainings do not work.
        case problem
    }

    package let subject: String
    package let status: Status
    /// What was found, in one line.
    package let finding: String
    /// What to do, in one line; nil for nothing.
    package let advice: String?

    private init(_ subject: String, _ status: Status, _ finding: String, _ advice: String?) {
        (self.subject, self.status, self.finding, self.advice) = (subject, status, finding, advice)
    }

    static func ok(_ subject: String, _ finding: String, advice: String? = nil) -> MachineCheck {
        MachineCheck(subject, .ok, finding, advice)
    }

    static func warning(_ subject: String, _ finding: String, advice: String) -> MachineCheck {
        MachineCheck(subject, .warning, finding, advice)
    }

    static func problem(_ subject: String, _ finding: String, advice: String) -> MachineCheck {
        MachineCheck(subject, .problem, finding, advice)
    }
}

extension MachineCheck: Encodable {
    private enum CodingKeys: String, CodingKey { case subject, status, finding, advice }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(subject, forKey: .subject)
        try container.encode(status, forKey: .status)
        try container.encode(finding, forKey: .finding)
        try container.encode(OrNull(advice), forKey: .advice)
    }
}
