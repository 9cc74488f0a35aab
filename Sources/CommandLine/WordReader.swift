/// Reads the words after a command's name into the command.
struct WordReader<Root: Command> {
  private var words: ArraySlice<String>
  private var command = Root()
  private var seen: Set<String> = []
  private var positions: [String] = []
  private let inputs = Root.inputs

  private init(_ words: [String]) { self.words = words[...] }

  /// Returns the command with its options set.
  static func read(_ words: [String]) throws(UsageError) -> Root {
    var reader = WordReader(words)
    try reader.readOptions()
    try reader.readArguments()
    if let missing = reader.inputs.first(where: { reader.lacks($0) }) {
      throw UsageError("Missing expected argument '\(missing.label)'")
    }
    return reader.command
  }

  private mutating func readOptions() throws(UsageError) {
    while let word = words.popFirst() {
      if word == "--" {
        positions += words
        words = []
      } else if looksLikeOption(word) {
        try readOption(word)
      } else {
        positions.append(word)
      }
    }
  }

  /// Reads `--name`, `--name value` or `--name=value`.
  private mutating func readOption(_ word: String) throws(UsageError) {
    let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let written = String(halves[0])
    let attached = halves.count > 1 ? String(halves[1]) : nil

    let input = inputs.first { $0.kind != .argument && "--\($0.name)" == written }
    guard let input else {
      let known = inputs.filter { $0.kind != .argument }.map { "--\($0.name)" } + ["--help"]
      throw UsageError("Unknown option '\(written)'.\(didYouMean(written, among: known))")
    }
    if input.kind == .flag {
      if let attached {
        throw UsageError(
          "The option '\(written)' does not take any value, but '\(attached)' was specified.")
      }
      return try store("", into: input)
    }
    if let attached { return try store(attached, into: input) }
    guard let next = words.first, !looksLikeOption(next) else {
      throw UsageError("Missing value for '\(input.label)'")
    }
    words.removeFirst()
    try store(next, into: input)
  }

  private mutating func readArguments() throws(UsageError) {
    var left = positions[...]
    for input in inputs where input.kind == .argument {
      repeat {
        guard let word = left.popFirst() else { break }
        try store(word, into: input)
      } while input.isRepeated
    }
    guard let first = left.first else { return }
    if left.count == 1 { throw UsageError("Unexpected argument '\(first)'") }
    let all = left.map { "'\($0)'" }.joined(separator: ", ")
    throw UsageError("\(left.count) unexpected arguments: \(all)")
  }

  private mutating func store(_ word: String, into input: Input<Root>) throws(UsageError) {
    seen.insert(input.label)
    let sentence = "The value '\(word)' is invalid for '\(input.label)'"
    switch input.read(word, &command) {
    case nil: return
    case .breaks(let rule): throw UsageError("\(sentence): \(rule)")
    case .unreadable where input.choices.isEmpty: throw UsageError(sentence)
    case .unreadable:
      let choices = input.choices.map { "'\($0)'" }.joined(separator: ", ")
      let guess = didYouMean(word, among: input.choices)
      throw UsageError("\(sentence). Please provide one of \(choices).\(guess)")
    }
  }

  private func lacks(_ input: Input<Root>) -> Bool {
    input.isRequired && !seen.contains(input.label)
  }
}

/// Tells an option from a value: `-1` and `-.5` are numbers and `-` alone stands for a file.
func looksLikeOption(_ word: String) -> Bool {
  guard word.first == "-", let second = word.dropFirst().first else { return false }
  return !second.isNumber && second != "."
}
