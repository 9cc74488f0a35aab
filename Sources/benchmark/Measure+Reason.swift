import Attention
import MTP
import RL
import Tensors

extension Measure {
  /// The parts of reinforcement learning with the model and the tokens of chapter 8.
  static func reasoning(threads: Int) -> [Measure] {
    [rollout(threads: threads), update(threads: threads), examination(threads: threads)]
  }

  /// Sampling of 16 responses to each of 8 questions, none of which ends before 48 tokens.
  private static func rollout(threads: Int) -> Measure {
    Measure(name: "reason/rollout", threads: threads) { _ in
      let model = DeepSeekModel(Reasoner.model, seed: 0).language
      let alphabet = TaskAlphabet.standard
      let prompts = TaskMix.heldOut(.digitSum, size: 10, count: 8).map {
        alphabet.prompt($0.prompt)
      }
      let plan = Rollout(samples: 16, budget: 48, stops: [])
      var tokens = 0
      let seconds = Stopwatch.best {
        let responses = model.responses(to: prompts, plan, seed: 0)
        tokens = responses.reduce(0) { $0 + $1.reduce(0) { $0 + $1.length } }
      }
      return Row(
        name: "reason/rollout", threads: threads,
        numbers: [
          ("tokens_per_second", Double(tokens) / seconds), ("tokens", Double(tokens)),
          ("seconds", seconds),
        ])
    }
  }

  /// Whole updates of 16 questions with 8 responses each, all of 48 tokens.
  ///
  /// Fresh weights are all but never right and would have dead groups alone, which no gradient is
  /// computed for: here every other response is paid.
  private static func update(threads: Int) -> Measure {
    Measure(name: "reason/update", threads: threads) { _ in
      let model = DeepSeekModel(Reasoner.model, seed: 0).language
      let alphabet = TaskAlphabet.standard
      let prompts = TaskMix.heldOut(.digitSum, size: 10, count: 16).map {
        alphabet.prompt($0.prompt)
      }
      let plan = Rollout(samples: 8, budget: 48, stops: [])
      var optimizer = AdamW(model.namedParameters, rate: 3e-5, decay: 0)
      let (clock, start) = (ContinuousClock(), ContinuousClock().now)
      let runs = 4
      var sampling = 0.0
      for run in 0..<runs {
        let begin = clock.now
        let responses = model.responses(to: prompts, plan, seed: UInt64(run))
        sampling += (clock.now - begin) / .seconds(1)
        let groups = zip(prompts, responses).map { prompt, responses in
          ResponseGroup(
            prompt: prompt, responses: responses,
            rewards: responses.indices.map { Double($0 % 2) })
        }
        var result = model.policyGradient(of: ZeroPlan().objective, on: groups)
        _ = try result.gradients.clip(toNorm: 1)
        optimizer.step(result.gradients, factor: 1)
      }
      let seconds = (clock.now - start) / .seconds(1)
      return Row(
        name: "reason/update", threads: threads,
        numbers: [
          ("seconds", seconds / Double(runs)), ("rollout_share", sampling / seconds),
        ])
    }
  }

  /// The examination of 1000 problems: one greedy response and 16 samples each.
  ///
  /// Fresh weights seldom end a response, so this is the most that it can take.
  private static func examination(threads: Int) -> Measure {
    Measure(name: "reason/examination", threads: threads) { _ in
      let model = DeepSeekModel(Reasoner.model, seed: 0).language
      let items = TaskMix.heldOut(.digitSum, size: 10, count: 1000)
      let clock = ContinuousClock()
      var marks: Marks?
      let seconds =
        clock.measure {
          marks = Examination(budget: 40, samples: 16).marks(of: model, on: items)
        }
        / .seconds(1)
      return Row(
        name: "reason/examination", threads: threads,
        numbers: [
          ("seconds", seconds), ("problems", Double(items.count)), ("samples", 16),
          ("tokens_per_response", marks?.sampledShape.length ?? 0),
        ])
    }
  }
}
