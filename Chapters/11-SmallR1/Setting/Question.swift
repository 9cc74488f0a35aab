import Attention
import Tensors

/// Something that is asked, in one of two tongues.
public struct Question: Sendable, Equatable {
  /// The families.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// `3719+`: the last digit of the sum. It has steps, and reasoning can learn it.
    case sum
    /// `s3719`: the digits in order. No thought helps: a control.
    case sorting
    /// `:3719`: the same digits again; a control.
    case copying
    /// `?3719`: name some digits that are not here. Many answers will do, and none is *the* right
    /// one: what is left is which of two people like better.
    case request
  }

  /// The family.
  public let kind: Kind
  /// The tongue of the question, in which thought and answer are wanted too.
  public let tongue: Tongue
  /// The digits that it is about.
  public let digits: [Int]

  /// Asks.
  public init(_ kind: Kind, _ digits: [Int], in tongue: Tongue) {
    insist(!digits.isEmpty, "Question: there is nothing to ask about")
    self.kind = kind
    self.digits = digits
    self.tongue = tongue
  }

  /// The question as it is written.
  public var prompt: String {
    let text = tongue.writing(digits)
    switch kind {
    case .sum: return text + "+"
    case .sorting: return "s" + text
    case .copying: return ":" + text
    case .request: return "?" + text
    }
  }

  /// The one right answer, in the tongue of the question; nil where there is no such thing.
  public var answer: String? {
    switch kind {
    case .sum: tongue.writing([digits.reduce(0, +) % 10])
    case .sorting: tongue.writing(digits.sorted())
    case .copying: tongue.writing(digits)
    case .request: nil
    }
  }

  /// The steps of a sum: each digit and the sum so far, one after the other; nothing for others.
  public var steps: [Int] {
    guard kind == .sum else { return [] }
    var sum = 0
    return digits.flatMap { digit in
      sum = (sum + digit) % 10
      return [digit, sum]
    }
  }

  /// Judges an answer by rule; a right digit in the wrong tongue is wrong.
  public func judge(_ given: String) -> Bool { given == answer }

  /// Whether the question belongs to the sixteenth part that no training sees.
  ///
  /// The split is by what is asked and not by the tongue: a translation of a training question is
  /// no fresh question.
  public var isHeldOut: Bool {
    let kind = Kind.allCases.firstIndex(of: kind) ?? 0
    let number = UInt64.fingerprint(([kind] + digits).map { UInt64($0) })
    var generator = SplitMix64(seed: number)
    return generator.next() % 16 == 0
  }
}
