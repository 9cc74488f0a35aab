import Foundation

/// The answer to exercise 1.5.
///
/// Why this way: the moments see the gradient of the loss and nothing else. Decay is a separate
/// shrinking of the weight, so a weight with large gradients decays as fast as one with small. The
/// correction divides by what the two averages would have reached by now had every gradient been 1.
/// And ε stands outside the root: inside, it would be compared with a *square*, and 1e-8 would
/// mute every gradient below 1e-4.
public func adamW(
  weight: Double, gradients: [Double], rate: Double, decay: Double, beta1: Double,
  beta2: Double, epsilon: Double
) throws -> [Double] {
  var (weight, mean, square) = (weight, 0.0, 0.0)
  return gradients.enumerated().map { index, gradient in
    let step = Double(index + 1)
    mean = beta1 * mean + (1 - beta1) * gradient
    square = beta2 * square + (1 - beta2) * gradient * gradient
    let direction = mean / (1 - pow(beta1, step))
    let typical = square / (1 - pow(beta2, step))
    weight = (1 - rate * decay) * weight - rate * direction / (typical.squareRoot() + epsilon)
    return weight
  }
}

/// Wrong answers to exercise 1.5.
public enum Mutants1_5 {
  /// Adds the decay to the gradient: L2 regularisation, which the root then undoes.
  public static func decaysThroughTheGradient(
    weight: Double, gradients: [Double], rate: Double, decay: Double, beta1: Double,
    beta2: Double, epsilon: Double
  ) throws -> [Double] {
    var (weight, mean, square) = (weight, 0.0, 0.0)
    return gradients.enumerated().map { index, gradient in
      let step = Double(index + 1)
      let gradient = gradient + decay * weight
      mean = beta1 * mean + (1 - beta1) * gradient
      square = beta2 * square + (1 - beta2) * gradient * gradient
      let direction = mean / (1 - pow(beta1, step))
      let typical = square / (1 - pow(beta2, step))
      weight = weight - rate * direction / (typical.squareRoot() + epsilon)
      return weight
    }
  }

  /// Uses the averages as they are, although they began at zero.
  public static func forgetsTheCorrection(
    weight: Double, gradients: [Double], rate: Double, decay: Double, beta1: Double,
    beta2: Double, epsilon: Double
  ) throws -> [Double] {
    var (weight, mean, square) = (weight, 0.0, 0.0)
    return gradients.enumerated().map { _, gradient in
      mean = beta1 * mean + (1 - beta1) * gradient
      square = beta2 * square + (1 - beta2) * gradient * gradient
      let direction = mean
      let typical = square
      weight = (1 - rate * decay) * weight - rate * direction / (typical.squareRoot() + epsilon)
      return weight
    }
  }

  /// Adds ε under the root.
  public static func putsEpsilonInside(
    weight: Double, gradients: [Double], rate: Double, decay: Double, beta1: Double,
    beta2: Double, epsilon: Double
  ) throws -> [Double] {
    var (weight, mean, square) = (weight, 0.0, 0.0)
    return gradients.enumerated().map { index, gradient in
      let step = Double(index + 1)
      mean = beta1 * mean + (1 - beta1) * gradient
      square = beta2 * square + (1 - beta2) * gradient * gradient
      let direction = mean / (1 - pow(beta1, step))
      let typical = square / (1 - pow(beta2, step))
      weight =
        (1 - rate * decay) * weight - rate * direction / ((typical + epsilon).squareRoot())
      return weight
    }
  }

  /// Counts the steps from zero, and divides by zero.
  public static func countsFromZero(
    weight: Double, gradients: [Double], rate: Double, decay: Double, beta1: Double,
    beta2: Double, epsilon: Double
  ) throws -> [Double] {
    var (weight, mean, square) = (weight, 0.0, 0.0)
    return gradients.enumerated().map { index, gradient in
      let step = Double(index)
      mean = beta1 * mean + (1 - beta1) * gradient
      square = beta2 * square + (1 - beta2) * gradient * gradient
      let direction = mean / (1 - pow(beta1, step))
      let typical = square / (1 - pow(beta2, step))
      weight = (1 - rate * decay) * weight - rate * direction / (typical.squareRoot() + epsilon)
      return weight
    }
  }
}
