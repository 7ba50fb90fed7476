package io.espalier.trainer.data.source;

import io.espalier.configs.DataConfig;
import io.espalier.configs.DataConfig.ChannelOrder;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.network.ImageShape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Entries of an IDX file, and their labels in another. Not thread-safe. */
final class IdxInput implements InputFile.Rows {
  private final DataFile file;
  private final IdxStream images;
  private final Optional<IdxStream> labels;
  private final ImageShape shape;
  private final boolean channelsLast;
  private final IdxClasses classes;
  private long row;

  private IdxInput(
      DataFile file, IdxStream images, Optional<IdxStream> labels, DataContract contract) {
    this.file = file;
    this.images = images;
    this.labels = labels;
    this.shape = contract.input();
    this.channelsLast =
        images.entry().size() == 3
            && contract.source() instanceof DataConfig.Idx idx
            && idx.channels() == ChannelOrder.LAST;
    this.classes = classes(contract.source(), contract.classNames());
  }

  private static IdxClasses classes(DataConfig.Source source, List<String> names) {
    boolean numbered =
        source instanceof DataConfig.Idx idx
            ? idx.classes().isEmpty()
            : source instanceof DataConfig.Csv;
    return numbered && names.stream().allMatch(IdxClasses::isNumber)
        ? IdxClasses.numbered(
            names, "a label must be one of the network's %d classes".formatted(names.size()))
        : IdxClasses.named(names);
  }

  /** Rows of two open streams, which belong to them, also if this fails. */
  static IdxInput of(
      DataFile file, IdxStream images, Optional<IdxStream> labels, DataContract contract)
      throws IOException {
    IdxInput input = new IdxInput(file, images, labels, contract);
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
        channelsLast
            ? List.of(shape.height(), shape.width(), shape.channels())
            : List.of(shape.channels(), shape.height(), shape.width());
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

  private static List<Integer> withoutOnes(List<Integer> axes) {
    return axes.stream().dropWhile(length -> length == 1).toList();
  }

  @Override
  public Optional<Examples> next(int most) {
    boolean bytes = images.type() == IdxHeader.Type.UNSIGNED_BYTE;
    int size = shape.size();
    byte[] pixels = new byte[bytes ? most * size : 0];
    float[] values = new float[bytes ? 0 : most * size];
    int[] indices = new int[most];
    int count = 0;
    while (count < most
        && (bytes ? images.nextBytes(pixels, count * size) : images.next(values, count * size))) {
      indices[count++] = label();
    }
    if (count == 0) {
      return Optional.empty();
    }
    int[] labelsOfRows = Arrays.copyOf(indices, count);
    Examples rows =
        bytes
            ? Examples.ofBytes(Arrays.copyOf(pixels, count * size), labelsOfRows)
            : Examples.ofFloats(Arrays.copyOf(values, count * size), labelsOfRows);
    return Optional.of(channelsLast ? rows.rearranged(shape.sourcesFromChannelsLast()) : rows);
  }

  private int label() {
    row++;
    if (labels.isEmpty()) {
      return 0;
    }
    int label = labels.get().nextWhole();
    return classes
        .indexOf(label)
        .orElseThrow(
            () -> file.problem("%s: row=%d, label=%d".formatted(classes.rule(), row, label)));
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
