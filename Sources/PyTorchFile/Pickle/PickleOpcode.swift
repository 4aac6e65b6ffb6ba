/// The instructions of Python's pickle format up to protocol 5, by their names in the format's own documentation.
///
/// Source: CPython, `Lib/pickletools.py` (names and codes).
enum PickleOpcode: UInt8, CaseIterable {
    // Values
    case none = 0x4E, newTrue = 0x88, newFalse = 0x89
    case binInt = 0x4A, binInt1 = 0x4B, binInt2 = 0x4D, long1 = 0x8A, long4 = 0x8B
    case binFloat = 0x47
    case binUnicode = 0x58, shortBinUnicode = 0x8C, binUnicode8 = 0x8D
    case binString = 0x54, shortBinString = 0x55
    case binBytes = 0x42, shortBinBytes = 0x43, binBytes8 = 0x8E, byteArray8 = 0x96

    // Containers
    case mark = 0x28
    case emptyList = 0x5D, append = 0x61, appends = 0x65
    case emptyTuple = 0x29, tuple = 0x74, tuple1 = 0x85, tuple2 = 0x86, tuple3 = 0x87
    case emptyDict = 0x7D, setItem = 0x73, setItems = 0x75
    case emptySet = 0x8F, addItems = 0x90, frozenSet = 0x91

    // Objects
    case global = 0x63, stackGlobal = 0x93
    case reduce = 0x52, newObj = 0x81, build = 0x62, binPersID = 0x51

    // Memo, stack, framing
    case binPut = 0x71, longBinPut = 0x72, memoize = 0x94, binGet = 0x68, longBinGet = 0x6A
    case pop = 0x30, popMark = 0x31, dup = 0x32
    case proto = 0x80, frame = 0x95, stop = 0x2E

    // Known by name only: the text protocols 0 and 1, extension registries, shared buffers
    case int = 0x49, long = 0x4C, float = 0x46, string = 0x53, unicode = 0x56, persID = 0x50
    case get = 0x67, put = 0x70, list = 0x6C, dict = 0x64, inst = 0x69, obj = 0x6F
    case ext1 = 0x82, ext2 = 0x83, ext4 = 0x84, newObjEx = 0x92
    case nextBuffer = 0x97, readOnlyBuffer = 0x98
}
