extension ModelConfiguration {
    /// Bounds that no sensible model meets; beyond them a file is refused instead of filling the memory.
    enum Limit {
        static let rows = 1000
        static let repeats = 1000
        static let channels = 1 << 13
        /// Of maps that a row puts together or takes apart.
        static let joinedChannels = 1 << 16
        /// Height or width of a map, for an image of ``LayerGraph/probeSize`` pixels.
        static let side = 1 << 13
        /// Repeats of all rows together.
        static let layers = 10_000
        /// Weights of all rows together: 8 GiB.
        static let parameters = 1 << 31
        static let classes = 1 << 16
        static let multiple = 100.0
    }

    /// Decodes the text of a model YAML.
    /// - Parameters:
    ///   - text: the YAML.
    ///   - source: its file name or path, for errors and the summary.
    public init(yaml text: String, source: String) throws(ConfigurationError) {
        try self.init(ConfigurationValue(yaml: text, source: source), source: source)
    }

    /// Decodes a table of plain values: the YAML's, or the one that a checkpoint carries.
    public init(_ value: ConfigurationValue, source: String) throws(ConfigurationError) {
        guard case .table = value.content else {
            throw ConfigurationError(
                source: source, line: value.line, message: "expected a table with nc, anchors, backbone and head")
        }
        let reader = TableReader(table: value, source: source)
        let classCount = try reader.integer("nc", in: 1...Limit.classes)
        let anchors = try reader.anchors()
        let backbone = try reader.rows("backbone")
        let head = try reader.rows("head")
        guard backbone.count + head.count <= Limit.rows else {
            throw reader.fault("backbone and head have \(backbone.count + head.count) rows, at most \(Limit.rows) are taken")
        }
        self.init(
            source: source,
            inputChannels: try reader.integer("ch", in: 1...Limit.channels, default: 3),
            classCount: classCount,
            depthMultiple: try reader.multiple("depth_multiple"),
            widthMultiple: try reader.multiple("width_multiple"),
            anchors: anchors,
            activation: try reader.text("activation"),
            backbone: backbone, head: head)
    }
}

/// Takes the keys of a model's table apart, one method a shape of value.
private struct TableReader {
    let table: ConfigurationValue
    let source: String

    func fault(_ message: String, at value: ConfigurationValue? = nil) -> ConfigurationError {
        ConfigurationError(source: source, line: value?.line, message: message)
    }

    private func required(_ key: String, _ expected: String) throws(ConfigurationError) -> ConfigurationValue {
        guard let value = table[key] else { throw fault("the key '\(key)' is missing; expected \(expected)") }
        return value
    }

    func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws(ConfigurationError) -> Int {
        if table[key] == nil, let fallback { return fallback }
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        let value = try required(key, expected)
        guard let integer = value.integer, range.contains(integer) else {
            throw fault("\(key): expected \(expected), found \(value.excerpt)", at: value)
        }
        return integer
    }

    func multiple(_ key: String) throws(ConfigurationError) -> Double {
        let expected = "a number above 0 and up to \(Int(ModelConfiguration.Limit.multiple)), such as 0.33"
        let value = try required(key, expected)
        guard let number = value.number, number > 0, number <= ModelConfiguration.Limit.multiple else {
            throw fault("\(key): expected \(expected), found \(value.excerpt)", at: value)
        }
        return number
    }

    func text(_ key: String) throws(ConfigurationError) -> String? {
        guard let value = table[key], !value.isNone else { return nil }
        guard let text = value.text else { throw fault("\(key): expected a word, found \(value.excerpt)", at: value) }
        return text
    }

    func anchors() throws(ConfigurationError) -> ModelConfiguration.Anchors {
        let expected = "a list of width, height pairs for each output, or the number of anchors"
        let value = try required("anchors", expected)
        if let count = value.integer {
            guard (1...100).contains(count) else { throw fault("anchors: expected \(expected), found \(count)", at: value) }
            return .count(count)
        }
        guard let levels = value.list, !levels.isEmpty else {
            throw fault("anchors: expected \(expected), found \(value.excerpt)", at: value)
        }
        var pixels: [[Double]] = []
        for level in levels {
            let numbers = (level.list ?? []).compactMap(\.number)
            guard !numbers.isEmpty, numbers.count == level.list?.count, numbers.count.isMultiple(of: 2),
                numbers.allSatisfy({ $0 > 0 })
            else { throw fault("anchors: expected width, height pairs above 0, found \(level.excerpt)", at: level) }
            guard numbers.count == (pixels.first ?? numbers).count else {
                throw fault(
                    "anchors: every output needs the same number of anchors; expected \((pixels[0].count) / 2), "
                        + "found \(numbers.count / 2)", at: level)
            }
            pixels.append(numbers)
        }
        return .pixels(pixels)
    }

    func rows(_ key: String) throws(ConfigurationError) -> [ModelConfiguration.Row] {
        let expected = "a list of rows [from, repeats, layer, arguments]"
        let value = try required(key, expected)
        guard let list = value.list else { throw fault("\(key): expected \(expected)", at: value) }
        var rows: [ModelConfiguration.Row] = []
        for row in list { rows.append(try self.row(row, of: key)) }
        return rows
    }

    private func row(_ value: ConfigurationValue, of key: String) throws(ConfigurationError) -> ModelConfiguration.Row {
        guard let parts = value.list, parts.count == 4 else {
            throw fault("\(key): expected a row [from, repeats, layer, arguments], found \(value.excerpt)", at: value)
        }
        let from = parts[0].list ?? [parts[0]]
        let sources = from.compactMap(\.integer)
        guard !sources.isEmpty, sources.count == from.count else {
            throw fault("\(key): 'from' must be a row number or a list of them, found \(parts[0].excerpt)", at: value)
        }
        guard let repeats = parts[1].integer, (1...ModelConfiguration.Limit.repeats).contains(repeats) else {
            let most = ModelConfiguration.Limit.repeats
            throw fault("\(key): repeats must be a whole number from 1 to \(most), found \(parts[1].excerpt)", at: value)
        }
        guard let kind = parts[2].text else {
            throw fault("\(key): the third value must name a layer, found \(parts[2].excerpt)", at: value)
        }
        guard let arguments = parts[3].list else {
            throw fault("\(key): the arguments of \(kind) must be a list, found \(parts[3].excerpt)", at: value)
        }
        return ModelConfiguration.Row(
            from: sources, takesList: parts[0].list != nil, repeats: repeats, kind: kind, arguments: arguments,
            line: value.line)
    }
}

extension ModelConfiguration {
    /// The table of plain values that a checkpoint carries under `yaml`; ``init(_:source:)`` reads it back.
    public var value: ConfigurationValue {
        var entries: [ConfigurationValue.Entry] = [
            .init("nc", ConfigurationValue(.integer(classCount))),
            .init("depth_multiple", ConfigurationValue(.real(depthMultiple))),
            .init("width_multiple", ConfigurationValue(.real(widthMultiple))),
        ]
        switch anchors {
        case .count(let count):
            entries.append(.init("anchors", ConfigurationValue(.integer(count))))
        case .pixels(let levels):
            let lists = levels.map { level in ConfigurationValue(.list(level.map(ConfigurationValue.shortest))) }
            entries.append(.init("anchors", ConfigurationValue(.list(lists))))
        }
        if let activation { entries.append(.init("activation", ConfigurationValue(.text(activation)))) }
        entries.append(.init("backbone", ConfigurationValue(.list(backbone.map(\.value)))))
        entries.append(.init("head", ConfigurationValue(.list(head.map(\.value)))))
        entries.append(.init("ch", ConfigurationValue(.integer(inputChannels))))
        return ConfigurationValue(.table(entries))
    }
}

extension ModelConfiguration.Row {
    fileprivate var value: ConfigurationValue {
        let sources = from.map { ConfigurationValue(.integer($0)) }
        let values = [
            takesList ? ConfigurationValue(.list(sources)) : sources[0],
            ConfigurationValue(.integer(repeats)),
            ConfigurationValue(.text(kind)),
            ConfigurationValue(.list(arguments)),
        ]
        return ConfigurationValue(.list(values))
    }
}

extension ConfigurationValue {
    /// A whole number as an integer, as the YAML would have it.
    static func shortest(_ number: Double) -> ConfigurationValue {
        Int(exactly: number).map { ConfigurationValue(.integer($0)) } ?? ConfigurationValue(.real(number))
    }
}
