/// Whether anything may be fetched. Everything that goes to the network asks it first.
public enum NetworkPolicy: Sendable, Hashable {
    case allowed
    /// No connection is made, not even to look up a name (`--offline`).
    case offline
}
