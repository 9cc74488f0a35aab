import Tensors

func best(_ n: Int, _ body: () -> Void) -> Double {
  var best = 1e9
  let clock = ContinuousClock()
  for _ in 0..<n {
    let t = clock.measure(body);
    best = min(best, Double(t.components.attoseconds) * 1e-18 + Double(t.components.seconds))
  }
  return best
}
for (m, n, k) in [
  (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (192, 128, 128), (192, 512, 128),
  (192, 128, 512), (768, 512, 128), (128, 512, 192), (2048, 256, 256), (64, 64, 32),
  (1, 1024, 1024),
] {
  for mode in ["NN", "NT", "TN", "TT"] {
    let a = Tensor((0..<m * k).map { Float($0 % 13) * 0.1 - 0.6 }, shape: [m, k])
    let b = Tensor((0..<n * k).map { Float($0 % 7) * 0.1 - 0.3 }, shape: [k, n])
    var c = Tensor(repeating: 0, shape: [m, n])
    var line = "\(m)x\(n)x\(k) \(mode)"
    for t in [1, 2] {
      let s = Threads.with(t) {
        best(max(10, 2_000_000_000 / (2 * m * n * k) / 5)) {
          a.withScalars { a in
            b.withScalars { b in
              c.withMutableScalars { c in
                MatrixProductKernel.multiply(
                  m, n, k,
                  mode.first == "N"
                    ? Operand(a.baseAddress!, row: k, column: 1)
                    : Operand(a.baseAddress!, row: 1, column: m),
                  mode.last == "N"
                    ? Operand(b.baseAddress!, row: n, column: 1)
                    : Operand(b.baseAddress!, row: 1, column: k),
                  into: Result(c.baseAddress!, row: n))
              }
            }
          }
        }
      }
      // check
      var e: Float = 0
      if t == 1 {
        let A = a.scalars, B = b.scalars, C = c.scalars
        for i in [0, m / 2, m - 1] {
          for j in [0, n / 3, n - 1] {
            var r = 0.0
            for p in 0..<k {
              r +=
                Double(mode.first == "N" ? A[i * k + p] : A[p * m + i])
                * Double(mode.last == "N" ? B[p * n + j] : B[j * k + p])
            }
            e = max(e, abs(Float(r) - C[i * n + j]))
          }
        }
      }
      line += "  t\(t): \(Int(2e-9 * Double(m*n*k) / s)) GF err \(e)"
    }
    print(line)
  }
}
