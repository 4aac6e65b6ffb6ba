extension ModelConfiguration {
    /// The text of a model YAML that reads back as this, a line a row.
    public var yaml: String {
        guard case .table(let entries) = value.content else { return "" }
        return entries.map { entry in
            guard ["anchors", "backbone", "head"].contains(entry.key), let rows = entry.value.list else {
                return "\(entry.key): \(entry.value.json)\n"
            }
            return "\(entry.key):\n" + rows.map { "  - \($0.json)\n" }.joined()
        }.joined()
    }
}
