extension CacheLocation: CustomStringConvertible {
    /// - Parameter text: A folder; `images` for one beside the images, and nothing for the user's own.
    public init(_ text: String) {
        self = switch text {
        case "": .user
        case "images": .besideImages
        default: .folder(text)
        }
    }

    public var description: String {
        switch self {
        case .user: ""
        case .besideImages: "images"
        case .folder(let path): path
        }
    }
}
