/// The answer to exercise 5.6.
///
/// Why this way: between rounds one thing holds: the model has read all of the text but its last
/// token. A round reads that token and a draft. The first answer judges the draft. If it stands, the
/// second answer is a token for nothing, and the model has read all but that one. If it does not, the
/// first answer takes its place, and the draft must be forgotten before anything else is read.
public func speculate(
  prompt: [Int], count: Int, read: ([Int]) -> [Int], forget: (Int) -> Void,
  draft: ([Int]) -> Int
) throws -> [Int] {
  guard count > 0, let first = read(prompt).last else { return [] }
  var text = prompt + [first]
  let end = prompt.count + count
  while text.count < end {
    guard text.count + 1 < end else {
      text += read([text[text.count - 1]])
      break
    }
    let guess = draft(text)
    let answers = read([text[text.count - 1], guess])
    if answers[0] == guess {
      text += answers
    } else {
      forget(text.count)
      text.append(answers[0])
    }
  }
  return Array(text[prompt.count...])
}

/// Wrong answers to exercise 5.6.
public enum Mutants5_6 {
  /// Leaves rejected drafts in the model's memory.
  public static func neverForgets(
    prompt: [Int], count: Int, read: ([Int]) -> [Int], forget: (Int) -> Void,
    draft: ([Int]) -> Int
  ) throws -> [Int] {
    try speculate(prompt: prompt, count: count, read: read, forget: { _ in }, draft: draft)
  }

  /// Forgets the last certain token together with the draft.
  public static func forgetsTooMuch(
    prompt: [Int], count: Int, read: ([Int]) -> [Int], forget: (Int) -> Void,
    draft: ([Int]) -> Int
  ) throws -> [Int] {
    try speculate(
      prompt: prompt, count: count, read: read, forget: { forget($0 - 1) }, draft: draft)
  }

  /// Throws away the token that an accepted draft brings for nothing.
  public static func wastesTheSecond(
    prompt: [Int], count: Int, read: ([Int]) -> [Int], forget: (Int) -> Void,
    draft: ([Int]) -> Int
  ) throws -> [Int] {
    guard count > 0, let first = read(prompt).last else { return [] }
    var text = prompt + [first]
    while text.count < prompt.count + count {
      let answers = read([text[text.count - 1], draft(text)])
      forget(text.count)
      text.append(answers[0])
    }
    return Array(text[prompt.count...])
  }

  /// Writes drafts without looking at what the model says.
  public static func trustsDrafts(
    prompt: [Int], count: Int, read: ([Int]) -> [Int], forget: (Int) -> Void,
    draft: ([Int]) -> Int
  ) throws -> [Int] {
    guard count > 0, let first = read(prompt).last else { return [] }
    var text = prompt + [first]
    while text.count < prompt.count + count {
      let guess = draft(text)
      text += [guess, read([text[text.count - 1], guess])[1]]
    }
    return Array(text[prompt.count..<prompt.count + count])
  }
}
