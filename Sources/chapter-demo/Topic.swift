import CommandLine
import Foundation

/// What a demonstration is given: where its figures go, and its chance.
struct Stage {
  /// The folder for SVG and JSON files; without one, nothing is written.
  let figures: URL?
  /// The seed of everything random.
  let seed: UInt64
  /// The schedule to show instead, which only chapter 7 can.
  let pipeline: PipelineRequest?
}

/// A chapter's demonstration.
struct Topic {
  /// The word that calls it.
  let name: String
  /// The chapter.
  let chapter: Int
  /// What is seen, in a few words.
  let summary: String
  /// About how long it takes on two cores, built for release.
  let seconds: Int
  /// Whether a seed makes a difference.
  var isRandom = true
  /// Runs it; results go to standard output.
  let run: (Stage) throws -> Void
  /// Runs an experiment that takes many minutes, if the chapter has one.
  var runLong: ((Stage) throws -> Void)?

  /// Every demonstration, in the order of the chapters.
  static var all: [Topic] {
    [
      .tensors, .attention, .mla, .moe, .mtp, .fp8, .dualpipe, .rl, .distillation, .smallV3,
      .smallR1, .code, .serving, .fullScale,
    ]
  }

  /// The topic of a word: its name, or its chapter as `1` or `01`.
  static func named(_ word: String) -> Topic? {
    all.first { $0.name == word || Int(word) == $0.chapter }
  }
}

/// A topic as it is written on the command line.
struct TopicWord: ArgumentValue {
  let topic: Topic

  init?(argument: String) {
    guard let topic = Topic.named(argument) else { return nil }
    self.topic = topic
  }

  var argumentText: String { topic.name }

  static var choices: [String] { Topic.all.map(\.name) }
}
