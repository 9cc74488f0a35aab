/// The answer to exercise 11.5.
///
/// Why this way: a choice of k samples matters only by how many it takes of each answer. For the right
/// answer with t votes we need the choices of the other k − t in which no answer has more than t, sorted
/// by how many others have t as well. Such a table grows by one answer at a time: choices of two
/// different answers multiply. So 10¹⁸ choices cost some thousand products, and no seed is needed.
///
/// Drawing with putting back looks like the same question and is another: the same sample may then
/// vote twice. Whoever votes once among the first k has the right mean and all the noise; whoever breaks
/// ties by the order of arrival, or by a dictionary, favours an answer for its name.
public func vote(of answers: [Int?], taking k: Int, right: Int) throws -> Double {
  Ballot().chance(answers, k, right)
}

/// The second function of exercise 11.5.
///
/// Why this way: the budget measures the model, so it counts what the model wrote. If `wait` counted, a
/// thought that is sent on would have less room than one that is not, and the two curves of the
/// chapter could not be compared. The sign that ends a thought is taken away before `wait` is put, or
/// the model reads that its thought is over. `end` ends a thought too: a text that goes on behind its
/// end is none that the model has ever read.
public func forced(
  _ prompt: [Int], signs: (endThink: Int, wait: Int, end: Int), budget: Int, waits: Int,
  limit: Int, next: ([Int]) -> Int
) throws -> [Int] { Force().text(prompt, signs, budget, waits, limit, next) }

// MARK: Votes

/// The rule, and what mutants change of it.
private struct Ballot {
  enum Tie { case shared, won, lost, byNumber }
  var tie = Tie.shared
  var putsBack = false
  var silentVote = false

  /// One answer, and how many gave it.
  private struct Entry {
    let answer: Int?
    let votes: Int
  }

  func chance(_ answers: [Int?], _ k: Int, _ right: Int) -> Double {
    var counts: [Int?: Int] = [:]
    for answer in answers { counts[answer, default: 0] += 1 }
    let all = counts.map { Entry(answer: $0.key, votes: $0.value) }
      .sorted { ($0.answer ?? .min) < ($1.answer ?? .min) }
    let own = counts[right] ?? 0
    let others = all.filter { $0.answer != right }
    let most = putsBack && own > 0 ? k : min(own, k)
    guard most > 0 else { return 0 }
    let sum = (1...most).reduce(0.0) { sum, top in
      sum + ways(own, top, answers.count)
        * rest(others, k - top, top, answers.count, right)
    }
    return sum / (putsBack ? 1 / factorial(k) : ways(answers.count, k, answers.count))
  }

  /// The choices of the other samples in which the right answer wins, a shared win as a part.
  private func rest(
    _ others: [Entry], _ count: Int, _ top: Int, _ all: Int, _ right: Int
  ) -> Double {
    // table[s][j]: s samples are taken, and j answers have as many votes as the right one.
    var table = (0...count).map { [$0 == 0 ? 1.0 : 0] }
    for other in others {
      var next = table.map { $0.map { _ in 0.0 } + [0] }
      let limit = limit(of: other.answer, top, right)
      for s in table.indices {
        for (j, choices) in table[s].enumerated() where choices != 0 {
          let taken = min(putsBack ? count : other.votes, count - s, limit ?? count)
          guard taken >= 0 else { continue }
          for t in 0...taken {
            let isTied = t == top && limit != nil && tie != .byNumber
            next[s + t][isTied ? j + 1 : j] += choices * ways(other.votes, t, all)
          }
        }
      }
      table = next
    }
    return table[count].enumerated().reduce(0) { sum, entry in
      switch tie {
      case .shared: sum + entry.element / Double(entry.offset + 1)
      case .won, .byNumber: sum + entry.element
      case .lost: sum + (entry.offset == 0 ? entry.element : 0)
      }
    }
  }

  /// The most votes that an answer may have if the right one shall win; nil if it has no vote.
  private func limit(of answer: Int?, _ top: Int, _ right: Int) -> Int? {
    guard let answer else { return silentVote ? top : nil }
    return tie == .byNumber && answer < right ? top - 1 : top
  }

  /// C(n, t); with putting back, (n / all)ᵗ / t!.
  private func ways(_ n: Int, _ t: Int, _ all: Int) -> Double {
    if putsBack {
      return (0..<t).reduce(1.0) { $0 * Double(n) / Double(all) / Double($1 + 1) }
    }
    return (0..<min(t, n - t)).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
  }

  private func factorial(_ n: Int) -> Double { (0..<n).reduce(1.0) { $0 * Double($1 + 1) } }
}

// MARK: Budgets

/// The rule, and what mutants change of it.
private struct Force {
  var countsWaits = false
  var keepsTheEnd = false
  var forgetsTheEnd = false
  var waitsAtTheLimit = false
  var closesTwice = false
  var dropsTheLast = false
  var returnsTheNew = false
  var mostTokens: Int?
  var neverCloses = false

  func text(
    _ prompt: [Int], _ signs: Mutants11_5.Signs, _ budget: Int, _ waits: Int, _ limit: Int,
    _ next: ([Int]) -> Int
  ) -> [Int] {
    var (text, waits) = (prompt, waits)
    var written = 0
    while written < budget {
      let token = next(text)
      let isOver = token == signs.endThink || (token == signs.end && !forgetsTheEnd)
      if isOver && waits == 0 {
        if closesTwice { text.append(token) }
        break
      }
      if isOver {
        waits -= 1
        if keepsTheEnd { text.append(token) }
        text.append(signs.wait)
        written += countsWaits ? 1 : 0
      } else {
        text.append(token)
        written += 1
      }
      if waitsAtTheLimit, written == budget, waits > 0 {
        waits -= 1
        text.append(signs.wait)
        written -= 1
      }
    }
    if !neverCloses { text.append(signs.endThink) }
    for _ in 0..<(mostTokens ?? limit) {
      let token = next(text)
      if token == signs.end && dropsTheLast { break }
      text.append(token)
      if token == signs.end { break }
    }
    return returnsTheNew ? Array(text.dropFirst(prompt.count)) : text
  }
}

/// Wrong answers to exercise 11.5.
public enum Mutants11_5 {
  /// The tokens that mean something.
  public typealias Signs = (endThink: Int, wait: Int, end: Int)

  /// Lets a sample vote more than once.
  public static func putsBack(of answers: [Int?], taking k: Int, right: Int) throws -> Double {
    Ballot(putsBack: true).chance(answers, k, right)
  }

  /// Gives a tie to the smallest number.
  public static func sortsTies(of answers: [Int?], taking k: Int, right: Int) throws -> Double {
    Ballot(tie: .byNumber).chance(answers, k, right)
  }

  /// Gives every tie to the right answer.
  public static func winsTies(of answers: [Int?], taking k: Int, right: Int) throws -> Double {
    Ballot(tie: .won).chance(answers, k, right)
  }

  /// Gives no tie to the right answer.
  public static func losesTies(of answers: [Int?], taking k: Int, right: Int) throws -> Double {
    Ballot(tie: .lost).chance(answers, k, right)
  }

  /// Lets those who say nothing vote for nothing.
  public static func hearsTheSilent(
    of answers: [Int?], taking k: Int, right: Int
  ) throws -> Double { Ballot(silentVote: true).chance(answers, k, right) }

  /// Sends those who say nothing home before k are taken.
  public static func dropsTheSilent(
    of answers: [Int?], taking k: Int, right: Int
  ) throws -> Double {
    let loud = answers.filter { $0 != nil }
    return loud.isEmpty ? 0 : Ballot().chance(loud, min(k, loud.count), right)
  }

  /// Takes the first k, and no mean.
  public static func takesTheFirst(
    of answers: [Int?], taking k: Int, right: Int
  ) throws -> Double { Ballot().chance(Array(answers.prefix(k)), k, right) }

  /// Lets all vote, whatever k is.
  public static func takesAll(of answers: [Int?], taking k: Int, right: Int) throws -> Double {
    Ballot().chance(answers, answers.count, right)
  }

  /// Takes the chance that the right answer is among the k.
  public static func takesPass(of answers: [Int?], taking k: Int, right: Int) throws -> Double {
    let wrong = answers.count { $0 != right }
    var none = 1.0
    for i in 0..<k { none *= Double(max(wrong - i, 0)) / Double(answers.count - i) }
    return 1 - none
  }

  /// Counts the sign that it puts in itself.
  public static func countsTheWait(
    _ prompt: [Int], signs: Signs, budget: Int, waits: Int, limit: Int, next: ([Int]) -> Int
  ) throws -> [Int] {
    Force(countsWaits: true).text(prompt, signs, budget, waits, limit, next)
  }

  /// Leaves the end of the thought before the sign to go on.
  public static func keepsTheEnd(
    _ prompt: [Int], signs: Signs, budget: Int, waits: Int, limit: Int, next: ([Int]) -> Int
  ) throws -> [Int] {
    Force(keepsTheEnd: true).text(prompt, signs, budget, waits, limit, next)
  }

  /// Lets a thought go on behind the end of the text.
  public static func writesBehindTheEnd(
    _ prompt: [Int], signs: Signs, budget: Int, waits: Int, limit: Int, next: ([Int]) -> Int
  ) throws -> [Int] {
    Force(forgetsTheEnd: true).text(prompt, signs, budget, waits, limit, next)
  }

  /// Sends on a thought that we have cut ourselves.
  public static func waitsAtTheLimit(
    _ prompt: [Int], signs: Signs, budget: Int, waits: Int, limit: Int, next: ([Int]) -> Int
  ) throws -> [Int] {
    Force(waitsAtTheLimit: true).text(prompt, signs, budget, waits, limit, next)
  }

  /// Ends the thought twice.
  public static func closesTwice(
    _ prompt: [Int], signs: Signs, budget: Int, waits: Int, limit: Int, next: ([Int]) -> Int
  ) throws -> [Int] {
    Force(closesTwice: true).text(prompt, signs, budget, waits, limit, next)
  }

  /// Leaves the thought open.
  public static func leavesItOpen(
    _ prompt: [Int], signs: Signs, budget: Int, waits: Int, limit: Int, next: ([Int]) -> Int
  ) throws -> [Int] {
    Force(neverCloses: true).text(prompt, signs, budget, waits, limit, next)
  }

  /// Drops the end of the answer.
  public static func dropsTheEnd(
    _ prompt: [Int], signs: Signs, budget: Int, waits: Int, limit: Int, next: ([Int]) -> Int
  ) throws -> [Int] {
    Force(dropsTheLast: true).text(prompt, signs, budget, waits, limit, next)
  }

  /// Returns what is new.
  public static func dropsThePrompt(
    _ prompt: [Int], signs: Signs, budget: Int, waits: Int, limit: Int, next: ([Int]) -> Int
  ) throws -> [Int] {
    Force(returnsTheNew: true).text(prompt, signs, budget, waits, limit, next)
  }

  /// Lets an answer be as long as it likes.
  public static func answersOn(
    _ prompt: [Int], signs: Signs, budget: Int, waits: Int, limit: Int, next: ([Int]) -> Int
  ) throws -> [Int] {
    Force(mostTokens: 100).text(prompt, signs, budget, waits, limit, next)
  }
}
