package io.espalier.trainer.data;

import io.espalier.trainer.network.ImageShape;
import java.util.List;

/**
 * The examples of a run, in memory.
 *
 * @param name kind of the source, as a recipe spells it
 * @param train examples to train on; a validation split is taken from them
 * @param test examples that only the final evaluation sees
 * @param input shape of one example
 * @param columns names of a table's numeric columns; empty for images
 * @param classNames name of each class; a label is an index into them
 * @param normalization from the training examples only; both sets are normalised by it
 * @param digest SHA-256, in lower-case hexadecimal, of the unpacked source files one after another
 */
public record Dataset(
    String name,
    Examples train,
    Examples test,
    ImageShape input,
    List<String> columns,
    List<String> classNames,
    Normalization normalization,
    String digest) {
  public Dataset {
    columns = List.copyOf(columns);
    classNames = List.copyOf(classNames);
    if (train.features() != input.size() || test.features() != input.size()) {
      throw new IllegalArgumentException(
          "examples must have the input's size: input=%s, train=%d, test=%d"
              .formatted(input, train.features(), test.features()));
    }
  }

  /** Computes the normalization from {@code train}, which like {@code test} is raw. */
  public static Dataset normalised(
      String name,
      Examples train,
      Examples test,
      ImageShape input,
      List<String> columns,
      List<String> classNames,
      String digest) {
    int groups = columns.isEmpty() ? input.channels() : columns.size();
    Normalization normalization = Normalization.of(train, groups);
    return new Dataset(
        name,
        train.normalisedBy(normalization),
        test.normalisedBy(normalization),
        input,
        columns,
        classNames,
        normalization,
        digest);
  }

  public int classes() {
    return classNames.size();
  }
}
