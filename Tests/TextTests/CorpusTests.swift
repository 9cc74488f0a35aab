import Foundation
import TestSupport
import Testing
import Text

@Suite struct `The built-in corpus` {
  @Test func `is a function of its seed`() {
    let one = Corpus.builtIn(bytes: 20_000, validationBytes: 5_000, seed: 3)
    let again = Corpus.builtIn(bytes: 20_000, validationBytes: 5_000, seed: 3)
    let other = Corpus.builtIn(bytes: 20_000, validationBytes: 5_000, seed: 4)
    #expect(one.training == again.training && one.validation == again.validation)
    #expect(one.training != other.training && one.validation != other.validation)
    #expect(one.entropy == DocumentSource.rate)
  }

  @Test func `has parts whose sizes do not disturb each other`() {
    let short = Corpus.builtIn(bytes: 20_000, validationBytes: 1_000, seed: 3)
    let long = Corpus.builtIn(bytes: 40_000, validationBytes: 5_000, seed: 3)
    #expect(long.training.hasPrefix(short.training))
    #expect(long.validation.hasPrefix(short.validation))
    #expect(short.training.utf8.count >= 20_000 && short.training.utf8.count < 21_500)
    #expect(short.training.hasSuffix("\n\n"), "only whole documents")
  }

  @Test func `never trains on a story that it validates on`() {
    let corpus = Corpus.builtIn(bytes: 500_000, validationBytes: 100_000, seed: 0)
    let seen = Set(corpus.training.split(separator: "\n\n"))
    let fresh = corpus.validation.split(separator: "\n\n")
    #expect(fresh.count > 200)
    #expect(seen.isDisjoint(with: fresh))
  }

  @Test func `shows one document for a seed`() {
    #expect(Corpus.sampleDocument(seed: 1) == Corpus.sampleDocument(seed: 1))
    #expect(Corpus.sampleDocument(seed: 1) != Corpus.sampleDocument(seed: 2))
  }
}

@Suite struct `A corpus from a file` {
  /// Writes bytes to a file of their own and loads it.
  private func load(_ bytes: [UInt8]) throws -> (Result<Corpus, CorpusError>, path: String) {
    try withFolder { folder in
      let file = folder.appendingPathComponent("corpus.txt")
      try Data(bytes).write(to: file)
      return (Result { () throws(CorpusError) in try Corpus.load(contentsOf: file) }, file.path)
    }
  }

  @Test(arguments: [20, 21, 99, 100, 1_009])
  func `trains on the first nine tenths of the characters`(count: Int) throws {
    let letters = (0..<count).map { ["a", "é", "漢", "🙂", "\r\n"][$0 % 5] }
    let scalars = letters.joined().unicodeScalars
    let corpus = try load(Array(letters.joined().utf8)).0.get()
    #expect(corpus.training + corpus.validation == letters.joined())
    #expect(corpus.training.unicodeScalars.count == scalars.count * 9 / 10)
    #expect(corpus.entropy == nil)
  }

  @Test func `names the first byte that is not UTF-8`() throws {
    let good = Array("twenty characters of é or more ".utf8)
    let broken: [[UInt8]] = [
      [0xFF], [0xC3, 0x28], [0xE6, 0xBC], [0xED, 0xA0, 0x80], [0xC0, 0x80],
    ]
    for bytes in broken {
      let (result, path) = try load(good + bytes)
      #expect(throws: CorpusError.invalidUTF8(path: path, offset: good.count)) {
        try result.get()
      }
    }
    let sentence = CorpusError.invalidUTF8(path: "a.txt", offset: 3).description
    #expect(sentence == "a.txt is not UTF-8: the byte at offset 3 begins no valid character.")
  }

  @Test func `that is missing, empty, short or no file is refused in a sentence`() throws {
    let (empty, emptyPath) = try load([])
    #expect(throws: CorpusError.empty(path: emptyPath)) { try empty.get() }
    let (short, shortPath) = try load(Array("nineteen characters".utf8))
    let error = #expect(throws: CorpusError.self) { try short.get() }
    #expect(error == .tooShort(path: shortPath, characters: 19, needed: 20))

    let folder = FileManager.default.temporaryDirectory
    let missing = folder.appendingPathComponent("none-\(UUID().uuidString)")
    #expect(throws: CorpusError.missing(path: missing.path)) {
      try Corpus.load(contentsOf: missing)
    }
    for path in [folder.path, "/dev/null"] {
      #expect(throws: CorpusError.notAFile(path: path)) {
        try Corpus.load(contentsOf: URL(fileURLWithPath: path))
      }
    }
  }

  @Test func `among several is cut by itself`() throws {
    let corpus = try withFolder { folder in
      let files = ["a", "b"].map { folder.appendingPathComponent("\($0).txt") }
      try Data(String(repeating: "a", count: 20).utf8).write(to: files[0])
      try Data(String(repeating: "b", count: 30).utf8).write(to: files[1])
      return try Corpus.load(contentsOf: files)
    }
    #expect(
      corpus.training == String(repeating: "a", count: 18) + String(repeating: "b", count: 27))
    #expect(corpus.validation == "aabbb")
  }
}
