package io.espalier.configs;

/**
 * Says what training minimises.
 *
 * @param objective reads {@code labelSmoothing}
 * @param labelSmoothing share of each label that is spread evenly over all classes
 */
public record LossConfig(MemberSettings objective, double labelSmoothing) {
  public static final MemberSettings CROSS_ENTROPY = MemberSettings.of("cross-entropy");

  public LossConfig {
    new Rules()
        .require(
            "label-smoothing",
            labelSmoothing,
            labelSmoothing >= 0 && labelSmoothing < 1,
            "at least 0 and below 1")
        .verify();
  }

  public static LossConfig crossEntropy(double labelSmoothing) {
    return new LossConfig(CROSS_ENTROPY, labelSmoothing);
  }
}
