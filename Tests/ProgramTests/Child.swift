import Foundation
import Testing

/// What a program left behind.
struct Ending {
  let output, errors: String
  let code: Int32
}

/// One of the package's programs, run as a child process as a reader would run it.
struct Child {
  let program: String
  var words: [String]

  init(_ program: String, _ words: String...) { (self.program, self.words) = (program, words) }

  /// Runs it to its end; `meanwhile` may watch it and send signals.
  ///
  /// Both streams go to files, so no full pipe can stop it, and nothing here blocks a thread.
  func run(
    input: String = "", isHeard: Bool = true,
    meanwhile: (Process) async throws -> Void = { _ in }
  ) async throws -> Ending {
    let folder = try Scratch()
    let (out, err) = (try folder.write("out", ""), try folder.write("err", ""))
    let process = Process()
    process.executableURL = try Child.folder().appending(path: program)
    process.arguments = words
    process.currentDirectoryURL = folder.url
    process.standardInput = try FileHandle(forReadingFrom: folder.write("in", input))
    process.standardError = try FileHandle(forWritingTo: err)
    let pipe = Pipe()
    if isHeard {
      process.standardOutput = try FileHandle(forWritingTo: out)
    } else {
      try pipe.fileHandleForReading.close()
      process.standardOutput = pipe
    }
    let (endings, ending) = AsyncStream<Int32>.makeStream()
    process.terminationHandler = {
      let wasKilled = $0.terminationReason == .uncaughtSignal
      ending.yield(wasKilled ? -$0.terminationStatus : $0.terminationStatus)
      ending.finish()
    }
    try process.run()
    try await meanwhile(process)
    var code: Int32 = -1
    for await last in endings { code = last }
    return Ending(
      output: try String(contentsOf: out, encoding: .utf8),
      errors: try String(contentsOf: err, encoding: .utf8), code: code)
  }

  /// The folder of the built programs: the one that holds the test bundle.
  private static func folder() throws -> URL {
    let starts = Bundle.allBundles.map(\.bundleURL) + [Bundle.main.bundleURL]
    for start in starts {
      var place = start
      for _ in 0..<4 {
        let program = place.appending(path: "deepseek").path
        if FileManager.default.isExecutableFile(atPath: program) { return place }
        place.deleteLastPathComponent()
      }
    }
    return try #require(nil as URL?, "the built programs must stand beside the test bundle")
  }
}

/// A folder that is gone when nobody needs it any more.
final class Scratch: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "programs-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func write(_ name: String, _ text: String) throws -> URL {
    let file = url.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  /// A text of which a model can learn something: the numbers in words of a small world.
  func story() throws -> String {
    let words = ["one", "two", "three", "four", "five", "six", "seven"]
    let lines = (0..<200).map { "\(words[$0 % 7]) and \(words[$0 * 3 % 7]) make friends.\n" }
    return try write("story.txt", lines.joined()).path
  }

  /// Waits until a file has so many lines.
  func waitFor(lines count: Int, in name: String) async throws {
    for _ in 0..<2000 {
      let lines = (try? text(name))?.filter { $0 == "\n" }.count ?? 0
      if lines >= count { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("\(name) never had \(count) lines")
  }
}
