import Attention
import Checkpoints
import MTP
import SmallV3
import Testing

@Suite struct `A model card` {
  private var card: ModelCard {
    var tally = PretrainingText.Tally()
    (tally.drawn, tally.copies, tally.nearCopies, tally.heldOut) = (100, 3, 2, 1)
    var plan = NamedConfiguration.stories.plan
    plan.seed = 18_446_744_073_709_551_615
    return ModelCard(
      name: "stories", configuration: NamedConfiguration.stories.model, plan: plan, recipe: .v3,
      tally: tally,
      looks: [
        .init(step: 500, tokens: 1_000_000, natsPerByte: 0.3, acceptance: 0.5),
        .init(step: 1000, tokens: 2_000_000, natsPerByte: 0.22, acceptance: nil),
      ], seconds: 100, floor: 0.2, heldOutSurprise: 0.201,
      findings: [.init(kind: .spike, step: 7, sentence: "The loss leapt.")], returns: 1,
      gaps: [EntropyGap(kind: "story", documents: 9, natsPerByte: 0.22, surprise: 0.2)],
      mentions: [LaterMentions(word: "manner", count: 12, nats: 2.2)])
  }

  @Test func `tells loss, floor and what is between them`() throws {
    let json = card.json
    let object = try #require(json.object)
    #expect(abs((card.excess ?? 0) - 0.1) < 1e-12)
    #expect(object["above_floor"] == card.excess.map { .number($0) })
    #expect(object["nats_per_byte"] == .number(0.22) && object["tokens"] == .integer(2_000_000))
    #expect(object["seed"] == .string("18446744073709551615"), "a seed is no number of JSON")
    let census = try #require(ModelCensus(card.configuration))
    #expect(object["parameters"] == .integer(census.total))
    #expect(object["activated_parameters"] == .integer(census.activated))
    #expect(object["documents"]?.object?["kept"] == .integer(94))
    #expect(object["findings"] == .array([.string("The loss leapt.")]))
    #expect(object["looks"]?.array?.count == 2)
    let story = object["by_kind"]?.object?["story"]?.object
    let manner = object["later_mentions"]?.object?["manner"]?.object
    #expect(manner?["nats"] == .number(2.2) && manner?["count"] == .integer(12))
    #expect(story?["above_floor"]?.number.map { abs($0 - 0.1) < 1e-12 } == true)
  }

  @Test func `shows people a table of the looks, and how to go on`() {
    let text = card.markdown
    #expect(text.contains("| 500 | 1000000 | 0.3000 | 50.0 % | 50.0 % |"))
    #expect(text.contains("| 1000 | 2000000 | 0.2200 | 10.0 % |  |"))
    #expect(text.contains("| story | 0.2200 | 0.2000 | 10.0 % |"))
    #expect(text.contains("| tokens | 2000000 |") && text.contains("20000 tokens/s"))
    #expect(text.contains("94 of 100: 3 copies, 2 near copies and 1 of held-out documents"))
    #expect(text.contains("Training went back 1 times.") && text.contains("- The loss leapt."))
    #expect(
      text.contains("AutoModelForCausalLM.from_pretrained")
        && text.contains("VLLM_MLA_DISABLE=1 vllm serve"))
    #expect(text.hasPrefix("---\nlibrary_name: transformers\n"))
    #expect(text.contains("A DeepseekV3ForCausalLM of "))
  }

  @Test func `says that nothing was found, and leaves out what is unknown`() {
    let plain = ModelCard(
      name: "tiny", configuration: NamedConfiguration.tiny.model,
      plan: NamedConfiguration.tiny.plan, sources: ["a.txt"],
      looks: [.init(step: 1, tokens: 2, natsPerByte: 3, acceptance: nil)], seconds: 0)
    #expect(plain.markdown.contains("The monitor found no fault."))
    #expect(plain.markdown.contains("trained on a.txt."))
    #expect(plain.json.object?["floor_nats_per_byte"] == nil && plain.excess == nil)
  }
}
