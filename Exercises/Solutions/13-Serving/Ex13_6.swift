/// The answer to exercise 13.6.
///
/// Why this way: a step is the unit of everything. A text joins and leaves at any of them, so nobody waits for the
/// longest answer of a batch. Who writes goes first, and what is left is read, so a long prompt costs the others
/// nothing but the time of its rows. Memory is counted for the answer too, before a text begins; else two texts
/// meet in the middle of their answers, with no room for either, and one has to be thrown out. And nobody
/// overtakes: a large request would wait as long as small ones keep coming. What can never fit must not
/// stand in the queue at all.
public func timetable(
  _ requests: [Mutants13_6.Request], active: Int, tokensPerStep: Int, memory: Int
) throws -> [Mutants13_6.Times?] {
  Engine(active, tokensPerStep, memory).timetable(requests)
}

/// The rule, and what mutants change of it.
private struct Engine {
  let (active, tokensPerStep, memory): (Int, Int, Int)
  var waitsForAll = false
  var overtakes = false
  var countsPromptsOnly = false
  var readsFirst = false
  var readsOnePrompt = false
  var readsWhole = false
  var writesLater = false
  var chargesNoWriter = false
  var keepsMemory = false

  init(_ active: Int, _ tokensPerStep: Int, _ memory: Int) {
    (self.active, self.tokensPerStep, self.memory) = (active, tokensPerStep, memory)
  }

  /// A request that has begun.
  private struct Text {
    let place: Int
    var unread, unwritten: Int
    let size: Int
    var isRead = false
  }

  func timetable(_ requests: [Mutants13_6.Request]) -> [Mutants13_6.Times?] {
    var times = requests.map { _ -> Mutants13_6.Times? in nil }
    var waiting = requests.indices.filter {
      requests[$0].prompt + requests[$0].answer <= memory
    }
    var (texts, step, lost) = ([Text](), 0, 0)
    while !waiting.isEmpty || !texts.isEmpty {
      begin(&waiting, &texts, requests, step, lost)
      for index in advance(&texts) {
        let place = texts[index].place
        times[place] = (times[place]?.first ?? step, step)
      }
      lost = keepsMemory ? texts.filter { $0.unwritten == 0 }.map(\.size).reduce(0, +) : 0
      texts.removeAll { $0.unwritten == 0 }
      step += 1
      if texts.isEmpty, let next = waiting.first { step = max(step, requests[next].arrival) }
    }
    return times
  }

  private func begin(
    _ waiting: inout [Int], _ texts: inout [Text], _ requests: [Mutants13_6.Request],
    _ step: Int, _ lost: Int
  ) {
    if waitsForAll, !texts.isEmpty { return }
    var next = 0
    while next < waiting.count, texts.count < active {
      let (arrival, prompt, answer) = requests[waiting[next]]
      guard arrival <= step else { return }
      let size = prompt + (countsPromptsOnly ? 0 : answer)
      // What is kept too long blocks only others.
      let used = texts.map(\.size).reduce(0, +) + (texts.isEmpty ? 0 : lost)
      if used + size <= memory {
        texts.append(
          Text(place: waiting.remove(at: next), unread: prompt, unwritten: answer, size: size))
      } else if overtakes {
        next += 1
      } else {
        return
      }
    }
  }

  /// The texts that write in this step.
  private func advance(_ texts: inout [Text]) -> [Int] {
    let writers = texts.indices.filter { texts[$0].isRead }
    var budget = tokensPerStep - (chargesNoWriter || readsFirst ? 0 : writers.count)
    var (reads, read) = (0, [Int]())
    for index in texts.indices where !texts[index].isRead && budget > 0 {
      if readsOnePrompt, reads > 0 { break }
      if readsWhole, texts[index].unread > budget, reads > 0 { break }
      let count = readsWhole ? texts[index].unread : min(budget, texts[index].unread)
      texts[index].unread -= count
      budget -= count
      reads += 1
      if texts[index].unread == 0 {
        texts[index].isRead = true
        if !writesLater { read.append(index) }
      }
    }
    let writing = (readsFirst ? Array(writers.prefix(max(0, budget))) : writers) + read
    for index in writing { texts[index].unwritten -= 1 }
    return writing
  }
}

/// Wrong answers to exercise 13.6.
public enum Mutants13_6 {
  /// What is asked for.
  public typealias Request = (arrival: Int, prompt: Int, answer: Int)
  /// The steps of the first and of the last token.
  public typealias Times = (first: Int, last: Int)

  private static func changed(
    _ requests: [Request], _ active: Int, _ tokensPerStep: Int, _ memory: Int,
    _ change: (inout Engine) -> Void
  ) -> [Times?] {
    var engine = Engine(active, tokensPerStep, memory)
    change(&engine)
    return engine.timetable(requests)
  }

  /// Begins a batch when the last one has ended to its longest answer.
  public static func waitsForAll(
    _ requests: [Request], active: Int, tokensPerStep: Int, memory: Int
  ) throws -> [Times?] {
    changed(requests, active, tokensPerStep, memory) { $0.waitsForAll = true }
  }

  /// Lets small requests pass a large one.
  public static func overtakes(
    _ requests: [Request], active: Int, tokensPerStep: Int, memory: Int
  ) throws -> [Times?] {
    changed(requests, active, tokensPerStep, memory) { $0.overtakes = true }
  }

  /// Sets no memory aside for answers.
  public static func countsPromptsOnly(
    _ requests: [Request], active: Int, tokensPerStep: Int, memory: Int
  ) throws -> [Times?] {
    changed(requests, active, tokensPerStep, memory) { $0.countsPromptsOnly = true }
  }

  /// Reads prompts before anybody may write.
  public static func readsFirst(
    _ requests: [Request], active: Int, tokensPerStep: Int, memory: Int
  ) throws -> [Times?] {
    changed(requests, active, tokensPerStep, memory) { $0.readsFirst = true }
  }

  /// Reads of one prompt in a step.
  public static func readsOnePrompt(
    _ requests: [Request], active: Int, tokensPerStep: Int, memory: Int
  ) throws -> [Times?] {
    changed(requests, active, tokensPerStep, memory) { $0.readsOnePrompt = true }
  }

  /// Reads a prompt whole, however long it is.
  public static func readsWhole(
    _ requests: [Request], active: Int, tokensPerStep: Int, memory: Int
  ) throws -> [Times?] {
    changed(requests, active, tokensPerStep, memory) { $0.readsWhole = true }
  }

  /// Writes a first token one step after the prompt was read.
  public static func writesLater(
    _ requests: [Request], active: Int, tokensPerStep: Int, memory: Int
  ) throws -> [Times?] {
    changed(requests, active, tokensPerStep, memory) { $0.writesLater = true }
  }

  /// Forgets that tokens of writers go through the model too.
  public static func chargesNoWriter(
    _ requests: [Request], active: Int, tokensPerStep: Int, memory: Int
  ) throws -> [Times?] {
    changed(requests, active, tokensPerStep, memory) { $0.chargesNoWriter = true }
  }

  /// Keeps the memory of an ended text for another step.
  public static func keepsMemory(
    _ requests: [Request], active: Int, tokensPerStep: Int, memory: Int
  ) throws -> [Times?] {
    changed(requests, active, tokensPerStep, memory) { $0.keepsMemory = true }
  }
}
