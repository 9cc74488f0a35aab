import Attention
import Checkpoints
import Tensors
import Text

extension Coefficient {
  /// λ, the weight of the loss of all prediction modules together.
  ///
  /// DeepSeek-V3 trained with 0.3, and with 0.1 after two thirds of its tokens (§4.2).
  public static let predictionWeight = Coefficient("prediction_weight", 0.3)
}

extension Schedule {
  /// The course of λ in DeepSeek-V3: 0.3 for 10 T of 14.8 T tokens, then 0.1.
  ///
  /// Paper: DeepSeek-V3 §4.2.
  public static let predictionWeightOfV3 = Schedule(
    phases: [Phase(until: 10 / 14.8, at: 0.3), Phase(until: 1, at: 0.1)])
}

extension DeepSeekModel {
  // snippet.loss
  /// The mean cross-entropy of the next tokens, in nats.
  ///
  /// While a tape records, the losses of the modules are left in the pass: λ/D · Σ Lₖ. Each is
  /// divided by the number of all targets, although depth k has k fewer in every sequence.
  /// Paper: DeepSeek-V3 §2.2, eq. 24 and 25.
  public func loss(of batch: Batch, in pass: Pass, divisor: Int) -> Variable {
    let hidden = language.hidden(batch.inputs, in: pass)
    return loss(from: hidden, over: batch, in: pass, divisor: divisor)
  }

  /// The same, from what the stack has made of the batch.
  package func loss(
    from hidden: Variable, over batch: Batch, in pass: Pass, divisor: Int
  ) -> Variable {
    let head = pass.tape[language.headWeight]
    if pass.tape.isRecording {
      let factor = pass[.predictionWeight] / Float(max(modules.count, 1))
      for (depth, ahead) in lookAhead(from: hidden, over: batch, in: pass).enumerated() {
        let loss = ahead.hidden.crossEntropy(
          head: head, targets: ahead.targets, divisor: divisor)
        pass.add(auxiliaryLoss: loss * factor)
        pass.observe("mtp_loss_\(depth + 1)", Double(loss.value.scalar))
      }
    }
    return hidden.crossEntropy(head: head, targets: batch.targets, divisor: divisor)
  }
  // snippet.end

  /// The mean loss of each depth over the positions that have a target.
  public func predictionLosses(of batch: Batch) -> [Double] {
    let pass = Pass(Sequences(batch), on: Tape(recording: false))
    let hidden = language.hidden(batch.inputs, in: pass)
    let head = pass.tape[language.headWeight]
    return lookAhead(from: hidden, over: batch, in: pass).map { ahead in
      let loss = ahead.hidden.crossEntropy(head: head, targets: ahead.targets)
      return Double(loss.value.scalar)
    }
  }

  // snippet.look-ahead
  /// Runs the modules one after the other, each over the positions that have a token to read.
  package func lookAhead(
    from hidden: Variable, over batch: Batch, in pass: Pass
  ) -> [(hidden: Variable, targets: [Int])] {
    var previous = hidden
    var results: [(hidden: Variable, targets: [Int])] = []
    for (index, module) in modules.enumerated() {
      let shift = batch.shifted(by: index + 1)
      guard shift.length > 0 else { break }
      previous = module(
        previous.gathered(at: shift.rows), with: shift.tokens,
        in: pass.branch(over: pass.sequences.prefix(shift.length)))
      results.append((previous, shift.targets))
    }
    return results
  }
  // snippet.end
}

extension Batch {
  /// What a module of some depth reads of a batch, and what it should say.
  package struct Shift {
    /// The positions of a sequence that have a token so far ahead.
    package let length: Int
    /// Those positions among the rows of the depth before, which has one more in each sequence.
    package fileprivate(set) var rows: [Int] = []
    /// The token that stands so far ahead of each.
    package fileprivate(set) var tokens: [Int] = []
    /// The token behind that one, or `ignored`.
    package fileprivate(set) var targets: [Int] = []
  }

  // snippet.shift
  /// Pairs position i with the token at i + depth, and with the one behind it as its target.
  ///
  /// A target that was left out on the way marks the end of a document: nothing is predicted
  /// across it.
  package func shifted(by depth: Int) -> Shift {
    var shift = Shift(length: max(0, length - depth))
    for sequence in 0..<sequences {
      for position in 0..<shift.length {
        let place = sequence * length + position
        let crosses = targets[place..<place + depth].contains(Batch.ignored)
        shift.rows.append(sequence * (shift.length + 1) + position)
        shift.tokens.append(inputs[place + depth])
        shift.targets.append(crosses ? Batch.ignored : targets[place + depth])
      }
    }
    return shift
  }
  // snippet.end
}
