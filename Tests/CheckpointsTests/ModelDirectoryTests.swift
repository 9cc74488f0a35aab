import Checkpoints
import Foundation
import TestSupport
import Testing

/// What stands for a kill.
private struct Killed: Error {}

/// Lets a number of steps happen and stops before the next.
private final class Fuse {
  private(set) var steps: [String] = []
  private let limit: Int

  init(stepsBeforeKill limit: Int) { self.limit = limit }

  func step(_ name: String) throws {
    guard steps.count < limit else { throw Killed() }
    steps.append(name)
  }
}

/// All plain files of a folder and their contents.
private func contents(of folder: URL) throws -> [String: String] {
  var result: [String: String] = [:]
  for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
    let url = folder.appendingPathComponent(name)
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    result[name] =
      isFolder.boolValue ? "(folder)" : try String(contentsOf: url, encoding: .utf8)
  }
  return result
}

private func write(_ files: [String: String], in folder: URL) throws {
  for (name, text) in files.sorted(by: { $0.key < $1.key }) {
    try AtomicFile.write(text, to: folder.appendingPathComponent(name))
  }
}

private let notes = ["metrics.jsonl": "step 1", "model-card.safetensors": "mine"]
private let old = [
  "config.json": "old", "model.safetensors.index.json": "old", "tokenizer.json": "old",
  "model-00001-of-00002.safetensors": "old", "model-00002-of-00002.safetensors": "old",
  "optimizer.safetensors": "old", "trainer.json": "old",
]
private let new = ["config.json": "new", "model.safetensors": "new", "tokenizer.json": "new"]

@Suite struct `A model directory` {
  /// Prepares a folder with the old set, kills the save of the new one, and returns what happened.
  private func killedSave(in folder: URL, after steps: Int) throws -> (
    done: [String], killed: Bool
  ) {
    try write(old.merging(notes) { $1 }, in: folder)
    let fuse = Fuse(stepsBeforeKill: steps)
    do {
      let directory = try ModelDirectory(opening: folder)
      try directory.save(before: fuse.step) { try write(new, in: $0) }
      return (fuse.steps, false)
    } catch is Killed { return (fuse.steps, true) }
  }

  @Test func `replaces the whole set and leaves other files alone`() throws {
    try withFolder { folder in
      let (_, killed) = try killedSave(in: folder, after: .max)
      let found = try contents(of: folder)
      #expect(!killed)
      #expect(found == new.merging(notes) { $1 })
    }
  }

  @Test func `holds the old set or the new one after a kill at any step`() throws {
    var outcomes: [String] = []
    for steps in 0..<100 {
      let finished = try withFolder { folder in
        let (done, killed) = try killedSave(in: folder, after: steps)
        if !done.contains("commit") {
          // Until the commit, the old files have not been touched.
          let visible = try contents(of: folder).filter { $0.key != ".saving" }
          #expect(visible == old.merging(notes) { $1 })
        }
        _ = try ModelDirectory(opening: folder)
        let expected = done.contains("commit") ? new : old
        #expect(try contents(of: folder) == expected.merging(notes) { $1 }, "after \(done)")
        outcomes.append(done.contains("commit") ? "new" : "old")
        return !killed
      }
      if finished { break }
    }
    #expect(outcomes.first == "old" && outcomes.last == "new")
    // One for each file moved, each stale file removed, and the steps around them.
    #expect(outcomes.count == 3 + 3 + 5 + 2 + 1)
  }

  @Test func `recovers although the recovery is killed as well`() throws {
    for first in 0..<14 {
      for second in 0..<12 {
        try withFolder { folder in
          let (done, _) = try killedSave(in: folder, after: first)
          let fuse = Fuse(stepsBeforeKill: second)
          do { _ = try ModelDirectory(opening: folder, before: fuse.step) } catch is Killed {}
          _ = try ModelDirectory(opening: folder)
          let expected = done.contains("commit") ? new : old
          #expect(try contents(of: folder) == expected.merging(notes) { $1 })
        }
      }
    }
  }

  @Test func `drops files that were only half written`() throws {
    try withFolder { folder in
      try write(old, in: folder)
      let staging = folder.appendingPathComponent(".saving")
      try FileManager.default.createDirectory(at: staging, withIntermediateDirectories: true)
      try AtomicFile.write(
        "half of a mod", to: staging.appendingPathComponent("model.safetensors"))
      let directory = try ModelDirectory(opening: folder)
      #expect(try contents(of: folder) == old)
      try directory.save { try write(new, in: $0) }
      #expect(try contents(of: folder) == new)
    }
  }

  @Test func `keeps the old set when writing fails`() throws {
    try withFolder { folder in
      try write(old, in: folder)
      let directory = try ModelDirectory(opening: folder)
      #expect(throws: Killed.self) {
        try directory.save { staging in
          try write(["config.json": "new"], in: staging)
          throw Killed()
        }
      }
      #expect(try contents(of: folder) == old)
    }
  }

  @Test func `is made when asked for and missed when opened`() throws {
    try withFolder { folder in
      let inner = folder.appendingPathComponent("a/b")
      #expect(
        failure { _ = try ModelDirectory(opening: inner) }?.description
          == "b: cannot be read: there is no such folder.")
      try ModelDirectory(creating: inner).save { try write(new, in: $0) }
      #expect(try contents(of: inner) == new)
    }
  }

  @Test func `refuses a list that names files elsewhere`() throws {
    try withFolder { folder in
      let saved = folder.appendingPathComponent(".saved")
      try FileManager.default.createDirectory(at: saved, withIntermediateDirectories: true)
      let list: JSONValue = ["files": ["../stolen"]]
      try AtomicFile.write(list, to: saved.appendingPathComponent(".files.json"))
      #expect(
        failure { _ = try ModelDirectory(opening: folder) }
          == .file(".files.json", .notAFileName("../stolen")))
    }
  }
}

@Suite struct `An atomic write` {
  private struct Full: Error {}

  @Test func `replaces a file and leaves no other behind`() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("a.json")
      try AtomicFile.write("a longer first text", to: url)
      try AtomicFile.write(["a": 1] as JSONValue, to: url)
      #expect(try contents(of: folder) == ["a.json": "{\n  \"a\": 1\n}\n"])
    }
  }

  @Test func `that fails leaves the old file as it was`() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("a.txt")
      try AtomicFile.write("old", to: url)
      let error = failure {
        try AtomicFile.write(to: url) { handle in
          try handle.write(contentsOf: Data("half".utf8))
          throw Full()
        }
      }
      guard case .file("a.txt", .unwritable) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(try contents(of: folder) == ["a.txt": "old"])
    }
  }

  @Test func `into a folder that does not exist is a typed error`() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("nowhere/a.txt")
      let error = failure { try AtomicFile.write("a", to: url) }
      guard case .file("a.txt", .unwritable) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}
