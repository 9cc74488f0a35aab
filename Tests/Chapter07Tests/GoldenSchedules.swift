/// DualPipe's figure for eight ranks and twenty micro-batches, each operation as soon as it can be.
///
/// Digits are micro-batches of the one way, letters those of the other. V3, figure 5; the figure in
/// the DualPipe repository has the same order and the same length.
let goldenFigure = """
  t     0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21
  r0   F0 F1 F2 F3 F4 F5 F6 Fa Ia Wa Fb Ib Wb Fc Ic Wc Fd f7 bd bd .  .
  r1   .  F0 F1 F2 F3 F4 Fa F5 Fb Ia Wa Fc Ib Wb Fd f6 bc bc .  .  fe b0
  r2   .  .  F0 F1 F2 Fa F3 Fb F4 Fc Ia Wa Fd f5 bb bb .  fe b0 b0 f6 bc
  r3   .  .  .  F0 Fa F1 Fb F2 Fc F3 Fd F4 Ba Ba fe b0 b0 f5 bb bb ff b1
  r4   .  .  .  Fa F0 Fb F1 Fc F2 Fd F3 Fe B0 B0 f4 ba ba ff b1 b1 f5 bb
  r5   .  .  Fa Fb Fc F0 Fd F1 Fe F2 I0 W0 F3 ff b1 b1 .  f4 ba ba fg b2
  r6   .  Fa Fb Fc Fd Fe F0 Ff F1 I0 W0 F2 I1 W1 F3 fg b2 b2 .  .  f4 ba
  r7   Fa Fb Fc Fd Fe Ff Fg F0 I0 W0 F1 I1 W1 F2 I2 W2 F3 fh b3 b3 .  .

  t    22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43
  r0   .  fe b0 b0 f8 be be ff b1 b1 f9 bf bf fg b2 b2 Bg Bg .  fh b3 b3
  r1   b0 f7 bd bd ff b1 b1 f8 be be fg b2 b2 f9 bf bf fh b3 b3 Bg Bg .
  r2   bc ff b1 b1 f7 bd bd fg b2 b2 f8 be be fh b3 b3 f9 bf bf fi b4 b4
  r3   b1 f6 bc bc fg b2 b2 f7 bd bd fh b3 b3 f8 be be fi b4 b4 f9 bf bf
  r4   bb fg b2 b2 f6 bc bc fh b3 b3 f7 bd bd fi b4 b4 f8 be be fj b5 b5
  r5   b2 f5 bb bb fh b3 b3 f6 bc bc fi b4 b4 f7 bd bd fj b5 b5 f8 be be
  r6   ba fh b3 b3 f5 bb bb fi b4 b4 f6 bc bc fj b5 b5 f7 bd bd B6 B6 .
  r7   .  f4 ba ba fi b4 b4 f5 bb bb fj b5 b5 f6 bc bc B6 B6 .  f7 bd bd

  t    44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65
  r0   Bh Bh .  fi b4 b4 Bi Bi .  fj b5 b5 Bj Bj I6 W6 I7 W7 I8 W8 I9 W9
  r1   fi b4 b4 Bh Bh .  fj b5 b5 Bi Bi B6 B6 .  Ij I7 Wj I8 W7 I9 W8 W9
  r2   Bg Bg .  fj b5 b5 Bh Bh B6 B6 .  Bi Bi I7 .  Ij I8 W7 I9 Wj W8 W9
  r3   fj b5 b5 Bg Bg B6 B6 .  Bh Bh B7 B7 .  Ii I8 .  Ij I9 Wi W8 Wj W9
  r4   f9 bf bf B6 B6 Bg Bg .  B7 B7 Bh Bh .  I8 Ii .  I9 Ij W8 Wi W9 Wj
  r5   B6 B6 .  f9 bf bf B7 B7 Bg Bg .  B8 B8 Ih .  I9 Ii Wh Ij W9 Wi Wj
  r6   f8 be be B7 B7 .  f9 bf bf B8 B8 Bg Bg .  I9 Ih W9 Ii Wh Ij Wi Wj
  r7   B7 B7 .  f8 be be B8 B8 .  f9 bf bf B9 B9 Ig Wg Ih Wh Ii Wi Ij Wj
  """

/// DualPipe for two ranks and four micro-batches.
let goldenTwo = """
  r0: F0 Fa F1 Ba Fb|B0 Bb I1 W1
  r1: Fa F0 Fb B0 F1|Ba B1 Ib Wb
  """

/// DualPipe for four ranks and eight micro-batches.
let goldenFour = """
  r0: F0 F1 F2 Fa Ia Wa Fb F3|Bb Fc|B0 Bc Fd|B1 Bd I2 W2 I3 W3
  r1: F0 Fa F1 Fb F2 Ba Fc|B0 F3|Bb Fd|B1 Bc B2 Id I3 Wd W3
  r2: Fa F0 Fb F1 Fc B0 F2|Ba Fd|B1 F3|Bb B2 Bc I3 Id W3 Wd
  r3: Fa Fb Fc F0 I0 W0 F1 Fd|B1 F2|Ba B2 F3|Bb B3 Ic Wc Id Wd
  """
