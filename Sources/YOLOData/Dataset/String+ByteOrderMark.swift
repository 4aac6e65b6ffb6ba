extension String {
    /// The text without the byte-order mark (EF BB BF in UTF-8) that some editors put before it.
    var withoutByteOrderMark: Substring {
        guard unicodeScalars.first == "\u{FEFF}" else { return self[...] }
        return Substring(unicodeScalars.dropFirst())
    }
}
