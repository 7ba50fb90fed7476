package io.espalier.trainer.predict;

import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.format.DataFile;
import io.espalier.trainer.model.ModelDescription;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Entries of an IDX file, and their labels in another. Not thread-safe. */
final class IdxInput implements InputRows {
  private final DataFile file;
  private final IdxStream images;
  private final Optional<IdxStream> labels;
  private final ModelDescription model;
  private final float[] label = new float[1];
  private long row;

  private IdxInput(
      DataFile file, IdxStream images, Optional<IdxStream> labels, ModelDescription model) {
    this.file = file;
    this.images = images;
    this.labels = labels;
    this.model = model;
  }

  /** Rows of two open streams, which belong to them, also if this fails. */
  static IdxInput of(
      DataFile file, IdxStream images, Optional<IdxStream> labels, ModelDescription model)
      throws IOException {
    IdxInput input = new IdxInput(file, images, labels, model);
    try {
      input.requireFit();
      return input;
    } catch (RuntimeException e) {
      input.close();
      throw e;
    }
  }

  private void requireFit() {
    List<Integer> expected =
        List.of(model.input().channels(), model.input().height(), model.input().width());
    if (!withoutOnes(images.entry()).equals(withoutOnes(expected))) {
      throw file.problem(
          "must hold the network's inputs: entries=%s, expected=%s"
              .formatted(images.entry(), expected));
    }
    labels.ifPresent(
        given -> {
          if (!given.entry().isEmpty() || given.count() != images.count()) {
            throw file.problem(
                "must have one label per entry: entries=%d, labels=%d, of axes %s"
                    .formatted(images.count(), given.count(), given.entry()));
          }
        });
  }

  /** Axes of length 1 at the front say nothing: {@code [1, 28, 28]} is {@code [28, 28]}. */
  private static List<Integer> withoutOnes(List<Integer> axes) {
    return axes.stream().dropWhile(length -> length == 1).toList();
  }

  @Override
  public Optional<Examples> next(int most) {
    int features = model.input().size();
    float[] values = new float[most * features];
    int[] classes = new int[most];
    int count = 0;
    while (count < most && images.next(values, count * features, features)) {
      row++;
      classes[count++] = labels.isPresent() ? label(labels.get()) : 0;
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(
            Examples.ofFloats(
                Arrays.copyOf(values, count * features), Arrays.copyOf(classes, count)));
  }

  private int label(IdxStream from) {
    from.next(label, 0, 1);
    int index = (int) label[0];
    if (index != label[0] || index < 0 || index >= model.classNames().size()) {
      throw file.problem(
          "a label must be from 0 to %d: row=%d, label=%s"
              .formatted(model.classNames().size() - 1, row, label[0]));
    }
    return index;
  }

  @Override
  public void close() throws IOException {
    try (images) {
      if (labels.isPresent()) {
        labels.get().close();
      }
    }
  }
}
