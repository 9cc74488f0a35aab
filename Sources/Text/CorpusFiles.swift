import Checkpoints
import Foundation

/// What is wrong with a text that was given to learn from.
public enum CorpusError: Error, Equatable, CustomStringConvertible {
  /// Nothing is there.
  case missing(path: String)
  /// A folder, a device or a socket.
  case notAFile(path: String)
  /// The system refused, for the given reason.
  case unreadable(path: String, reason: String)
  /// The bytes before the offset are good.
  case invalidUTF8(path: String, offset: Int)
  /// There is not one byte.
  case empty(path: String)
  /// Fewer than `Corpus.shortestFile` characters.
  case tooShort(path: String, characters: Int, needed: Int)
  /// Not one window fits.
  case tooFewTokens(count: Int, needed: Int)

  /// One sentence with the file, the place and the rule.
  public var description: String {
    switch self {
    case .missing(let path): "\(path): there is no such file."
    case .notAFile(let path): "\(path) is not a regular file; give a text file in UTF-8."
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
    case .invalidUTF8(let path, let offset):
      "\(path) is not UTF-8: the byte at offset \(offset) begins no valid character."
    case .empty(let path): "\(path) is empty; there is nothing to learn from."
    case .tooShort(let path, let characters, let needed):
      "\(path) has \(characters) characters; at least \(needed) are needed to train and validate."
    case .tooFewTokens(let count, let needed):
      "The text has \(count) tokens; windows of this length need at least \(needed)."
    }
  }
}

extension Corpus {
  /// The fewest characters that a file may have.
  public static let shortestFile = 20

  /// Reads a text file; its first 90 % trains and the rest validates.
  ///
  /// The cut counts characters (Unicode scalars, as Python's `len` does) and falls at ⌊0.9 n⌋.
  public static func load(contentsOf file: URL) throws(CorpusError) -> Corpus {
    try load(contentsOf: [file])
  }

  /// Reads several text files, each cut at 90 %, and joins the parts in the order given.
  public static func load(contentsOf files: [URL]) throws(CorpusError) -> Corpus {
    var (training, validation) = ("", "")
    for file in files {
      let scalars = try text(of: file).unicodeScalars
      let count = scalars.count
      guard count >= shortestFile else {
        throw .tooShort(path: file.path, characters: count, needed: shortestFile)
      }
      let cut = scalars.index(
        scalars.startIndex, offsetBy: count / 10 * 9 + count % 10 * 9 / 10)
      training += String(scalars[..<cut])
      validation += String(scalars[cut...])
    }
    return Corpus(training: training, validation: validation, entropy: nil)
  }

  private static func text(of file: URL) throws(CorpusError) -> String {
    let path = file.path
    guard FileManager.default.fileExists(atPath: path) else { throw .missing(path: path) }
    // A device such as /dev/zero would never end.
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: file.resolvingSymlinksInPath().path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular else {
      throw .notAFile(path: path)
    }
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw .unreadable(path: path, reason: reason(error))
    }
    guard !data.isEmpty else { throw .empty(path: path) }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw .invalidUTF8(path: path, offset: firstInvalidOffset(in: data))
    }
    return text
  }

  /// Returns the number of bytes before the first that begins no valid character.
  package static func firstInvalidOffset(in bytes: some Sequence<UInt8>) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .valid(let scalar) = parser.parseScalar(from: &iterator) {
      offset += scalar.count
    }
    return offset
  }
}
