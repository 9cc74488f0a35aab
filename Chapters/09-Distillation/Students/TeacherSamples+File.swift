import Attention
import Checkpoints
import Foundation
import RL

/// A line of `samples.jsonl`: the tokens for programs, the text for people.
private struct SampleLine: Codable {
  var prompt: [Int]
  var response: [Int]
  var text: String?
}

/// The first line: how many responses were asked for.
private struct SampleHead: Codable {
  var asked: Int
}

extension TeacherSamples {
  /// A number made from all tokens.
  public var fingerprint: UInt64 {
    .fingerprint(
      examples.flatMap { $0.prompt + [-1] + $0.response + [-2] }
        .map { UInt64(bitPattern: Int64($0)) })
  }

  /// Writes the samples, a line each.
  public func write(to file: URL, alphabet: TaskAlphabet = .standard) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var data = try encoder.encode(SampleHead(asked: asked)) + Data("\n".utf8)
    for example in examples {
      let text = alphabet.tokenizer.decode(example.prompt + example.response)
      let line = SampleLine(prompt: example.prompt, response: example.response, text: text)
      data += try encoder.encode(line) + Data("\n".utf8)
    }
    try AtomicFile.write(data, to: file)
  }

  /// Reads samples that `write` has left, or names the line that is none.
  public init(contentsOf file: URL, alphabet: TaskAlphabet = .standard) throws {
    func broken(_ line: Int, _ rule: String) -> TrainingError {
      .cannotResume(file: file.path, rule: "line \(line) \(rule)")
    }
    guard let data = try? Data(contentsOf: file) else {
      throw TrainingError.cannotResume(file: file.path, rule: "there is no such file")
    }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    let decoder = JSONDecoder()
    guard let first = lines.first, lines.count > 1,
      let head = try? decoder.decode(SampleHead.self, from: first), head.asked > 0
    else { throw broken(1, "does not say how many samples were asked for") }
    let known = 0..<alphabet.tokenizer.vocabularySize
    let examples = try lines.dropFirst().enumerated().map { index, data in
      guard let line = try? decoder.decode(SampleLine.self, from: data),
        !line.prompt.isEmpty, !line.response.isEmpty,
        (line.prompt + line.response).allSatisfy(known.contains)
      else { throw broken(index + 2, "is no sample") }
      return Example(prompt: line.prompt, response: line.response)
    }
    self.init(examples: examples, asked: max(head.asked, examples.count))
  }
}
