import Tensors
import Text

/// A small document of code: a program, an input, and what happened.
///
///     a=x+3;b=a*2;rb x=4:a=4+3=7;b=7*2=14
///
/// Whoever sees only the beginning must guess at the next statement. Whoever sees the trace too
/// knows what stood in a hole of the program.
public enum TracedProgram {
  /// The text.
  public static func text(of program: Program, x: Int) -> String {
    "\(program) x=\(x):\(program.trace(x: x))"
  }

  /// Draws a text.
  public static func drawn(
    from sampler: ProgramSampler, heldOut: Bool = false,
    using generator: inout some RandomNumberGenerator
  ) -> String {
    let program = sampler.program(heldOut: heldOut, using: &generator)
    return text(of: program, x: Draw.below(10, using: &generator))
  }
}
