/// Where images stay after they have been decoded for the first time (`--cache`).
public enum ImageCache: String, Hashable, Sendable, CaseIterable {
    /// Nowhere: every use reads and decodes the file.
    case none
    /// In memory, as far as the budget goes.
    case ram
    /// In files of plain pixels, which are mapped into memory.
    case disk
}

/// How images are cached.
///
///     var settings = ImageCacheSettings(.ram)
///     settings.budget = CacheBudget("8GB") ?? .automatic
public struct ImageCacheSettings: Hashable, Sendable {
    public var cache: ImageCache
    /// Memory that `.ram` may take.
    public var budget = CacheBudget.automatic
    /// Where the files of `.disk` go, and the memory of several processes where /dev/shm has no room.
    public var location = CacheLocation.user
    /// The processes of this machine that share one copy; `nil` for a process on its own.
    public var sharing: CacheSharing?

    public init(_ cache: ImageCache) { self.cache = cache }

    public static let none = ImageCacheSettings(.none)
    public static let ram = ImageCacheSettings(.ram)
    public static let disk = ImageCacheSettings(.disk)
}

/// The folder of cached files.
public enum CacheLocation: Hashable, Sendable {
    /// `$XDG_CACHE_HOME/yolov5-swift/images`, or `~/.cache/yolov5-swift/images`.
    case user
    case folder(String)
    /// A hidden folder `.yolov5-cache` beside the images.
    case besideImages
}

/// Processes on one machine that use the same images at the same time: the ranks of a training.
public struct CacheSharing: Hashable, Sendable {
    /// The same for these processes and for no others, such as the address and port of the run's master.
    public var runID: String
    /// How many they are. The memory has no name any more once all have it, so that it is free when the last of them ends.
    /// Where some never ask for it, the name goes with the process that filled it.
    public var processCount: Int

    public init(runID: String, processCount: Int) {
        (self.runID, self.processCount) = (runID, processCount)
    }
}

/// What a cache has come to.
public struct ImageCacheReport: Hashable, Sendable {
    /// One line for the user.
    public var summary: String
    /// Why less is cached than was asked for.
    public var warning: String?
    /// Memory that this process has filled.
    public var memoryBytes = 0

    init(summary: String, warning: String? = nil, memoryBytes: Int = 0) {
        (self.summary, self.warning, self.memoryBytes) = (summary, warning, memoryBytes)
    }
}

/// Called from several threads with the number of images that are done, in no strict order.
public typealias CacheProgress = @Sendable (_ done: Int, _ total: Int) -> Void

/// Images by their numbers, as far as they are cached.
protocol CachedImages: Sendable {
    /// `nil` for an image that must be read from its own file.
    func content(_ index: Int) -> CachedContent?
}

enum CachedContent {
    /// The image at training size.
    case pixels(LentBytes)
    /// Its file.
    case file(LentBytes)
}

/// Bytes of a mapping, which lives as long as they are in use.
///
/// `@unchecked Sendable`: nobody writes to them any more.
struct LentBytes: @unchecked Sendable {
    let memory: MappedMemory
    let bytes: UnsafeRawBufferPointer

    init(_ memory: MappedMemory, _ range: Range<Int>) {
        self.memory = memory
        bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory.bytes)[range])
    }
}
