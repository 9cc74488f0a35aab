import Attention
import Tensors

extension LanguageModel {
  /// Samples responses to prompts, many rows at a time.
  ///
  /// Each prompt is read once and its cache copied; a row leaves when it has stopped. The rows
  /// are cut into shards of fixed size and each row draws from a random stream of its own, so
  /// that one seed gives the same bits on any number of threads.
  /// - Returns: for each prompt its G responses.
  public func responses(to prompts: [[Int]], _ rollout: Rollout, seed: UInt64) -> [[Response]] {
    insist(
      prompts.allSatisfy { !$0.isEmpty }, "responses: a prompt has no token from which to go on"
    )
    let samples = rollout.samples
    let (count, size) = (prompts.count * samples, Rollout.rowsTogether)
    let shards = Threads.map((count + size - 1) / size) { shard in
      let rows = shard * size..<min(count, (shard + 1) * size)
      var run = ShardRun(rollout, rows: rows, seed: seed)
      return run.finish(on: self, prompts: prompts)
    }
    let all = shards.flatMap { $0 }
    return prompts.indices.map { Array(all[$0 * samples..<($0 + 1) * samples]) }
  }
}

/// Some rows that are sampled together.
private struct ShardRun {
  let rollout: Rollout
  let rows: Range<Int>
  private var generators: [SplitMix64]
  private var tokens: [[Int]]
  private var logProbabilities: [[Float]]

  init(_ rollout: Rollout, rows: Range<Int>, seed: UInt64) {
    self.rollout = rollout
    self.rows = rows
    let root = SplitMix64(seed: seed)
    generators = rows.map { row in
      let (prompt, sample) = row.quotientAndRemainder(dividingBy: rollout.samples)
      return root.branch(UInt64(prompt)).branch(UInt64(sample))
    }
    tokens = rows.map { _ in [] }
    logProbabilities = tokens.map { _ in [] }
  }

  mutating func finish(on model: LanguageModel, prompts: [[Int]]) -> [Response] {
    var (cache, logits) = read(prompts, with: model)
    var active = Array(tokens.indices)
    var places = active
    for position in 0..<rollout.budget {
      draw(from: logits, for: active, position: position)
      let staying = active.indices.filter { !rollout.stops.contains(newest(active[$0])) }
      if staying.isEmpty || position + 1 == rollout.budget { break }
      if staying.count < active.count {
        active = staying.map { active[$0] }
        cache.select(staying)
      }
      places = active.map(newest)
      logits = model.lastLogits(places, cache: cache)
    }
    return tokens.indices.map { row in
      Response(
        tokens: tokens[row], logProbabilities: logProbabilities[row],
        isTruncated: !rollout.stops.contains(newest(row)))
    }
  }

  private func newest(_ row: Int) -> Int { tokens[row][tokens[row].count - 1] }

  /// Reads each prompt once, those of one length together, and gives each row a copy of the
  /// cache.
  private func read(
    _ prompts: [[Int]], with model: LanguageModel
  ) -> (cache: ModelCache, logits: Tensor) {
    let asked = rows.lowerBound / rollout.samples...(rows.upperBound - 1) / rollout.samples
    let cache = model.makeCache(sequences: 0)
    var logits: [Tensor] = []
    var place: [Int: Int] = [:]
    let byLength = Dictionary(grouping: asked) { prompts[$0].count }
    for (_, group) in byLength.sorted(by: { $0.key < $1.key }) {
      let own = model.makeCache(sequences: group.count)
      for prompt in group { place[prompt] = place.count }
      logits.append(model.lastLogits(group.flatMap { prompts[$0] }, cache: own))
      cache.absorb(own)
    }
    let copies = rows.compactMap { place[$0 / rollout.samples] }
    cache.select(copies)
    return (cache, Tensor.stacked(rowsOf: logits).gathered(at: copies))
  }

  private mutating func draw(from logits: Tensor, for active: [Int], position: Int) {
    var (forced, excluded): (Int?, Int?) = (nil, nil)
    if position == 0 {
      switch rollout.firstToken {
      case .free: break
      case .forced(let token): forced = token
      case .forbidden(let token): excluded = token
      }
    }
    let draws = DrawKernel.draw(
      logits, temperature: rollout.temperature, excluded: excluded, forced: forced
    ) { generators[active[$0]].uniform() }
    for (row, draw) in zip(active, draws) {
      tokens[row].append(draw.token)
      logProbabilities[row].append(draw.logProbability)
    }
  }
}

extension LanguageModel {
  /// Feeds new tokens, equally many to each sequence of a cache, and reads the last logits of
  /// each.
  /// - Shape: tokens [sequences · new] → [sequences, vocabulary]
  fileprivate func lastLogits(_ tokens: [Int], cache: ModelCache) -> Tensor {
    let offsets = cache.lengths
    let length = tokens.count / offsets.count
    let sequences = Sequences(count: offsets.count, length: length, offsets: offsets)
    let pass = Pass(sequences, on: Tape(recording: false, products: PackedProducts()))
    var last = hidden(tokens, in: pass, cache: cache).value
    if length > 1 {
      last = last.gathered(at: (0..<offsets.count).map { ($0 + 1) * length - 1 })
    }
    return last.rowsMatmul(headWeight.packed(.right))
  }
}
