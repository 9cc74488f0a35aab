import Attention
import Checkpoints
import Foundation
import Tensors

/// What a run tells of its model: for people as `README.md`, for programs as `results.json`.
public struct ModelCard: Sendable {
  /// A look at the held-out documents.
  public struct Look: Sendable, Equatable {
    /// After so many steps.
    public let step: Int
    /// After so many tokens.
    public let tokens: Int
    /// Nats per byte.
    public let natsPerByte: Double
    /// The share of second tokens on which the prediction module agrees with the model.
    public let acceptance: Double?

    /// Joins the numbers.
    public init(step: Int, tokens: Int, natsPerByte: Double, acceptance: Double?) {
      self.step = step
      self.tokens = tokens
      self.natsPerByte = natsPerByte
      self.acceptance = acceptance
    }
  }

  /// The name of the model: that of its directory.
  public var name: String
  /// The sizes.
  public var configuration: DecoderConfiguration
  /// The training.
  public var plan: TrainingPlan
  /// The recipe, if there was one.
  public var recipe: PretrainingRecipe?
  /// The text: files, or the built-in corpus.
  public var sources: [String]
  /// What became of the documents.
  public var tally: PretrainingText.Tally?
  /// The looks, in order.
  public var looks: [Look]
  /// The time spent in steps.
  public var seconds: Double
  /// The entropy of the text in nats per byte.
  public var floor: Double?
  /// The same for the very documents that are held out.
  public var heldOutSurprise: Double?
  /// What the monitor found.
  public var findings: [TrainingMonitor.Finding]
  /// How often training went back.
  public var returns: Int
  /// What is left to learn of each sort of document, for the built-in corpus.
  public var gaps: [EntropyGap]
  /// How surprised the model is by what its stories have told before, for the built-in corpus.
  public var mentions: [LaterMentions]

  /// Describes a run.
  public init(
    name: String, configuration: DecoderConfiguration, plan: TrainingPlan,
    recipe: PretrainingRecipe? = nil, sources: [String] = [],
    tally: PretrainingText.Tally? = nil, looks: [Look], seconds: Double, floor: Double? = nil,
    heldOutSurprise: Double? = nil, findings: [TrainingMonitor.Finding] = [], returns: Int = 0,
    gaps: [EntropyGap] = [], mentions: [LaterMentions] = []
  ) {
    (self.name, self.configuration, self.plan, self.recipe) = (
      name, configuration, plan, recipe
    )
    (self.sources, self.tally, self.looks, self.seconds) = (sources, tally, looks, seconds)
    (self.floor, self.heldOutSurprise) = (floor, heldOutSurprise)
    (self.findings, self.returns) = (findings, returns)
    (self.gaps, self.mentions) = (gaps, mentions)
  }

  /// By how much the last loss exceeds the floor, as a part of it.
  public var excess: Double? {
    guard let floor, let last = looks.last else { return nil }
    return last.natsPerByte / floor - 1
  }

  private var census: ModelCensus? { ModelCensus(configuration) }
  private var tokens: Int { looks.last?.tokens ?? 0 }
}

// MARK: For programs

extension ModelCard {
  /// The numbers, under names that do not change.
  public var json: JSONValue {
    var members = JSONObject([
      ("model", .string(name)), ("parameters", .integer(census?.total ?? 0)),
      ("activated_parameters", .integer(census?.activated ?? 0)),
      ("mtp_parameters", .integer(census?.prediction ?? 0)), ("steps", .integer(plan.steps)),
      ("tokens", .integer(tokens)), ("seconds", .number(seconds)),
      ("seed", .string("\(plan.seed)")), ("optimizer", .string(plan.rule.rawValue)),
      ("precision", .string(plan.precision ?? "fp32")),
      ("findings", .array(findings.map { .string($0.sentence) })),
      ("rollbacks", .integer(returns)),
    ])
    if let recipe {
      members["recipe"] = .string(recipe.name)
      members["fim_rate"] = .number(recipe.fillRate)
    }
    if let last = looks.last { members["nats_per_byte"] = .number(last.natsPerByte) }
    if let floor { members["floor_nats_per_byte"] = .number(floor) }
    if let excess { members["above_floor"] = .number(excess) }
    if let heldOutSurprise {
      members["held_out_floor_nats_per_byte"] = .number(heldOutSurprise)
    }
    if let tally {
      members["documents"] = [
        "drawn": .integer(tally.drawn), "copies": .integer(tally.copies),
        "near_copies": .integer(tally.nearCopies), "held_out": .integer(tally.heldOut),
        "kept": .integer(tally.kept),
      ]
    }
    if !gaps.isEmpty {
      members["by_kind"] = .object(
        JSONObject(
          gaps.map { gap in
            let row: JSONValue = [
              "documents": .integer(gap.documents), "nats_per_byte": .number(gap.natsPerByte),
              "floor_nats_per_byte": .number(gap.surprise), "above_floor": .number(gap.excess),
            ]
            return (gap.kind, row)
          }))
    }
    if !mentions.isEmpty {
      members["later_mentions"] = .object(
        JSONObject(
          mentions.map {
            ($0.word, ["count": .integer($0.count), "nats": .number($0.nats)] as JSONValue)
          }))
    }
    members["looks"] = .array(
      looks.map {
        var look = JSONObject([
          ("step", .integer($0.step)), ("tokens", .integer($0.tokens)),
          ("nats_per_byte", .number($0.natsPerByte)),
        ])
        if let acceptance = $0.acceptance { look["acceptance"] = .number(acceptance) }
        return .object(look)
      })
    return .object(members)
  }
}

// MARK: For people

extension ModelCard {
  /// The text of `README.md`, with the head that model hubs read.
  public var markdown: String {
    """
    ---
    library_name: transformers
    pipeline_tag: text-generation
    ---

    # \(name)

    \(summary)

    | | |
    |---|---|
    \(facts.map { "| \($0) | \($1) |" }.joined(separator: "\n"))

    ## Results

    The loss is that of held-out documents.

    | step | tokens | nats/byte | above the entropy | second token accepted |
    |---:|---:|---:|---:|---:|
    \(looks.map(row).joined(separator: "\n"))
    \(sorts)
    \(watched)

    ## How to use it

        swift run -c release deepseek generate --model . --prompt "Once upon a time"

    The files are those of `transformers`, so that other programs open them too:

        transformers  AutoModelForCausalLM.from_pretrained(".")
        vLLM          VLLM_MLA_DISABLE=1 vllm serve . --dtype float32

    """
  }

  private var summary: String {
    let text = sources.isEmpty ? "the built-in corpus" : sources.joined(separator: ", ")
    let way = recipe.map { " by the recipe \($0.name)" } ?? ""
    return
      "A \(configuration.family.architecture) of \(census?.total ?? 0) weights, trained on "
      + "\(text)\(way)."
  }

  private var facts: [(String, String)] {
    var facts = [
      ("parameters", "\(census?.total ?? 0), of which a token uses \(census?.activated ?? 0)"),
      (
        "layers, width, heads",
        "\(configuration.layers), \(configuration.width), \(configuration.heads)"
      ),
      (
        "vocabulary, context",
        "\(configuration.vocabularySize), \(configuration.maximumPositions)"
      ),
    ]
    if let latent = configuration.latentAttention {
      facts.append(("latent width of keys and values", "\(latent.keyValueRank)"))
    }
    if let experts = configuration.experts {
      facts.append(
        ("experts", "\(experts.count), of which \(experts.active) and \(experts.shared) shared")
      )
    }
    if configuration.predictors > 0 {
      facts.append(("prediction modules", "\(configuration.predictors)"))
    }
    facts += [
      ("training", "\(plan.steps) steps of at most \(plan.sequences) × \(plan.length) tokens"),
      ("tokens", "\(tokens)"),
      ("optimizer", "\(plan.rule.rawValue), rate \(plan.rate), in \(plan.precision ?? "fp32")"),
      ("seed", "\(plan.seed)"),
      (
        "time",
        "\(Int(seconds.rounded())) s, \(Int(Double(tokens) / max(seconds, 1e-9))) tokens/s"
      ),
    ]
    if let recipe { facts.append(("documents to fill in", "\(percent(recipe.fillRate))")) }
    if let tally {
      facts.append(
        (
          "documents",
          "\(tally.kept) of \(tally.drawn): \(tally.copies) copies, \(tally.nearCopies) near copies "
            + "and \(tally.heldOut) of held-out documents left out"
        ))
    }
    if let floor { facts.append(("entropy of the text", "\(decimals(floor)) nats/byte")) }
    if let heldOutSurprise {
      facts.append(
        ("surprise of the held-out documents", "\(decimals(heldOutSurprise)) nats/byte"))
    }
    return facts
  }

  private func row(_ look: Look) -> String {
    let above = floor.map { percent(look.natsPerByte / $0 - 1) } ?? ""
    let accepted = look.acceptance.map(percent) ?? ""
    return
      "| \(look.step) | \(look.tokens) | \(decimals(look.natsPerByte)) | \(above) | \(accepted) |"
  }

  /// The same for each sort of document.
  private var sorts: String {
    guard !gaps.isEmpty else { return "" }
    let rows = gaps.map { gap in
      "| \(gap.kind) | \(decimals(gap.natsPerByte)) | \(decimals(gap.surprise)) | "
        + "\(percent(gap.excess)) |"
    }
    return """

      | fresh documents | nats/byte | their surprise | above it |
      |---|---:|---:|---:|
      \(rows.joined(separator: "\n"))

      """
  }

  private var watched: String {
    guard !findings.isEmpty else { return "The monitor found no fault." }
    let back = returns > 0 ? " Training went back \(returns) times." : ""
    return "The monitor found:\(back)\n\n"
      + findings.map { "- \($0.sentence)" }.joined(separator: "\n")
  }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
  private func decimals(_ number: Double) -> String { String(format: "%.4f", number) }
}
