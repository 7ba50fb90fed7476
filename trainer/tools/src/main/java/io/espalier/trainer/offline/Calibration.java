package io.espalier.trainer.offline;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.data.source.DataHome;
import java.util.Optional;

/**
 * Examples on which a stored network is measured while it is pruned. They take the way of training
 * examples: normalised, in batches of a seeded order.
 *
 * @param data what a recipe has under {@code data}: the name of a source, or HOCON such as {@code {
 *     kind = csv, path = table.csv, label = y }}, whose training examples are taken; or, for a
 *     model of Espalier, a file or folder of rows as {@code InputFile} reads them
 * @param labels where the labels of such rows are; rows without labels do for what reads no
 *     gradients of the loss
 * @param examples how many are drawn at most, 1 or more
 * @param home where data sets are looked for
 */
public record Calibration(String data, Optional<String> labels, int examples, DataHome home) {
  /** Examples that most methods need no more than. */
  public static final int EXAMPLES = 1_024;

  public Calibration {
    if (data.isBlank()) {
      throw InvalidConfigException.of(
          "calibrate", "must name data, or a file of a model's inputs: data=''");
    }
    if (examples < 1) {
      throw InvalidConfigException.of(
          "calibration-examples", "must be 1 or more: examples=" + examples);
    }
  }

  public static Calibration of(String data, DataHome home) {
    return new Calibration(data, Optional.empty(), EXAMPLES, home);
  }
}
