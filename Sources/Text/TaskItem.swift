import Tensors

/// The families of small tasks whose answers can be checked.
public enum TaskKind: String, CaseIterable, Codable, Sendable {
  /// `57+68`: numbers of one, two or three digits. Written out: one column a step, with its carry.
  case addition
  /// `3719+`: the sum of the digits, modulo ten. Written out: each digit beside the sum so far.
  case digitSum
  /// `p01101`: whether the number of ones is odd. Written out: each bit beside the parity so far.
  case parity
  /// `34*56`: numbers of one or two digits. Written out: one partial product a step, then their sum.
  case multiplication
  /// `57%7`: the remainder. Written out: the largest multiple that fits, then the difference.
  case remainder
  /// `s5281`: the digits in order. Nothing to write out: a control, since thinking cannot help.
  case sorting
  /// `c5281`: the same digits again; a control.
  case copying
  /// `r5281`: the digits backwards; a control.
  case reversal
  /// `out a=x+3;b=a*2;rb x=4`: the result of a program. Written out: each statement with its values.
  case output
}

/// A question with its answer and, where there is one, the way to it.
public struct TaskItem: Sendable, Equatable {
  /// The family.
  public let kind: TaskKind
  /// What is asked.
  public let prompt: String
  /// The worked steps, or nothing where the answer needs none.
  public let steps: String?
  /// The one right answer.
  public let answer: String

  /// Makes an item from its parts.
  package init(kind: TaskKind, prompt: String, steps: String?, answer: String) {
    self.kind = kind
    self.prompt = prompt
    self.steps = steps
    self.answer = answer
  }

  /// Judges an answer by an exact rule: for numbers leading zeros do not count, for strings all does.
  public func judge(_ given: String) -> Bool {
    switch kind {
    case .sorting, .copying, .reversal:
      return given == answer
    case .addition, .digitSum, .parity, .multiplication, .remainder, .output:
      let digits = given.utf8
      let isNumber = !digits.isEmpty && digits.allSatisfy { (48...57).contains($0) }
      return isNumber && Self.trimmed(given) == Self.trimmed(answer)
    }
  }

  /// Writes the item as one line: `Q: 57+68 think: 7+8+0=15;5+6+1=12 A: 125`.
  ///
  /// Without steps, or when they are not wanted, the middle part is missing.
  public func line(worked: Bool) -> String {
    let middle = worked ? steps.map { " think: \($0)" } ?? "" : ""
    return "Q: \(prompt)\(middle) A: \(answer)"
  }

  private static func trimmed(_ number: String) -> Substring {
    let rest = number.drop { $0 == "0" }
    return rest.isEmpty ? "0" : rest
  }
}

// MARK: - What may be trained on

extension TaskItem {
  /// The question in a form that equal questions share: `68+57` and `57+68` are one, and so are
  /// all inputs of one program.
  package var canonical: String {
    switch kind {
    case .addition, .multiplication:
      let sign: Character = kind == .addition ? "+" : "*"
      let sides = prompt.split(separator: sign).map(String.init).sorted()
      return sides.joined(separator: String(sign))
    case .output:
      let words = prompt.split(separator: " ")
      guard words.count == 3, let program = try? Program(parsing: String(words[1])) else {
        return prompt
      }
      return "\(program.canonical)"
    default:
      return prompt
    }
  }

  /// Whether the question belongs to the sixteenth part that a fair examination keeps out of training.
  ///
  /// The split is by a hash of the question itself, so it is the same in every run and every chapter.
  /// The built-in corpus does not leave these out: its entropy is that of all questions.
  public var isHeldOut: Bool {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a, 64 bits
    for byte in "\(kind.rawValue):\(canonical)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    var generator = SplitMix64(seed: hash)
    return generator.next() % 16 == 0
  }
}
