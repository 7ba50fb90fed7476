package io.espalier.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Labelled raw examples of one length, normalised when a batch is filled. An example has one label,
 * or one at each of its positions. Immutable.
 */
public final class Examples {
  private final RawValues values;
  private final Labels labels;
  private final int features;
  private final Optional<Normalization> normalization;

  private Examples(
      RawValues values, Labels labels, int features, Optional<Normalization> normalization) {
    this.values = values;
    this.labels = labels;
    this.features = features;
    this.normalization = normalization;
  }

  /** Unsigned bytes {@code [labels.length, features]}, row-major, not normalised; labels from 0. */
  public static Examples ofBytes(byte[] values, int[] labels) {
    return ofOwned(values.clone(), labels);
  }

  private static Examples ofOwned(byte[] values, int[] labels) {
    requireLabels(values.length, labels);
    int features = values.length / labels.length;
    return new Examples(
        new RawValues.Bytes(values, features), given(labels), features, Optional.empty());
  }

  private static Examples ofOwned(float[] values, int[] labels) {
    requireLabels(values.length, labels);
    int features = values.length / labels.length;
    return new Examples(
        new RawValues.Floats(values, features), given(labels), features, Optional.empty());
  }

  /**
   * Unsigned bytes {@code [labels.length, features]} of a file from byte {@code offset}, row-major,
   * not normalised; labels from 0. The file is mapped, not read: it must not be changed in place,
   * but may be closed, renamed and deleted.
   */
  public static Examples ofFile(FileChannel file, long offset, int features, int[] labels)
      throws IOException {
    requireLabels((long) labels.length * features, labels);
    return new Examples(
        MappedValues.of(file, offset, labels.length, features),
        given(labels),
        features,
        Optional.empty());
  }

  /** Finite floats {@code [labels.length, features]}, row-major, not normalised; labels from 0. */
  public static Examples ofFloats(float[] values, int[] labels) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "values must be finite: index=%d, value=%s".formatted(i, values[i]));
      }
    }
    return ofOwned(values.clone(), labels);
  }

  public static Examples none(int features) {
    return new Examples(
        new RawValues.Floats(new float[0], features), given(), features, Optional.empty());
  }

  /**
   * Windows of a text of {@code length} tokens from each start on; the labels of an example are the
   * tokens that follow each of its own, so the text must go on for one more. Numbers of tokens are
   * below 65536.
   */
  public static Examples ofWindows(int[] tokens, int[] starts, int length) {
    char[] numbers = new char[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] > Character.MAX_VALUE) {
        throw new IllegalArgumentException(
            "a token must be from 0 to 65535: place=%d, token=%d".formatted(i, tokens[i]));
      }
      numbers[i] = (char) tokens[i];
    }
    for (int start : starts) {
      if (length < 1 || start < 0 || (long) start + length >= tokens.length) {
        throw new IllegalArgumentException(
            "a window must lie in the text, with one more token: start=%d, length=%d, tokens=%d"
                .formatted(start, length, tokens.length));
      }
    }
    TokenWindows windows = new TokenWindows(numbers, starts.clone(), length);
    return new Examples(windows, windows, length, Optional.empty());
  }

  private static Labels given(int... labels) {
    return new Labels.Listed(labels.clone(), 1);
  }

  /** Copies the remaining values of the buffer. */
  public static Examples ofBytes(ByteBuffer values, int[] labels) {
    byte[] copy = new byte[values.remaining()];
    values.duplicate().get(copy);
    return ofOwned(copy, labels);
  }

  public static Examples ofFloats(FloatBuffer values, int[] labels) {
    float[] copy = new float[values.remaining()];
    values.duplicate().get(copy);
    return ofOwned(copy, labels);
  }

  private static void requireLabels(long length, int[] labels) {
    if (labels.length == 0 || length == 0 || length % labels.length != 0) {
      throw new IllegalArgumentException(
          "values must be a multiple of labels, 1 or more: values=%d, labels=%d"
              .formatted(length, labels.length));
    }
    for (int label : labels) {
      if (label < 0) {
        throw new IllegalArgumentException("a label must be 0 or more: label=" + label);
      }
    }
  }

  public Examples normalisedBy(Normalization normalization) {
    if (features % normalization.groups() != 0) {
      throw new IllegalArgumentException(
          "a normalization's groups must divide the features: groups=%d, features=%d"
              .formatted(normalization.groups(), features));
    }
    return new Examples(values, labels, features, Optional.of(normalization));
  }

  public Examples select(int[] indices) {
    return new Examples(values.select(indices), labels.select(indices), features, normalization);
  }

  public Examples labelled(int[] newLabels) {
    int expected = count() * positions();
    if (newLabels.length != expected) {
      throw new IllegalArgumentException(
          "each example must get as many labels: expected=%d, labels=%d"
              .formatted(expected, newLabels.length));
    }
    Labels listed = new Labels.Listed(newLabels.clone(), positions());
    return new Examples(values, listed, features, normalization);
  }

  public static Examples joined(List<Examples> parts) {
    int features = parts.get(0).features;
    int positions = parts.get(0).positions();
    if (parts.stream()
        .anyMatch(part -> part.features != features || part.positions() != positions)) {
      throw new IllegalArgumentException("joined examples must have one length: " + features);
    }
    return new Examples(
        RawValues.joined(parts.stream().map(part -> part.values).toList()),
        new Labels.Listed(
            parts.stream().flatMapToInt(part -> part.labels.all()).toArray(), positions),
        features,
        Optional.empty());
  }

  /** A copy whose value {@code i} of each example is the present value {@code sources[i]}. */
  public Examples rearranged(int[] sources) {
    if (sources.length != features || normalization.isPresent()) {
      throw new IllegalArgumentException(
          "raw values must each get a place: features=%d, sources=%d, normalised=%s"
              .formatted(features, sources.length, normalization.isPresent()));
    }
    return new Examples(values.rearrange(sources), labels, features, normalization);
  }

  public int count() {
    return labels.examples();
  }

  /** Labels of an example: 1, or the tokens of a text's window. */
  public int positions() {
    return labels.positions();
  }

  public int features() {
    return features;
  }

  /** The label of an example, or its first. */
  public int label(int example) {
    return labels.label(example, 0);
  }

  /** All labels, example by example; a copy. */
  public int[] labels() {
    return labels.all().toArray();
  }

  void requireLabelsBelow(int classes) {
    for (int i = 0; i < count(); i++) {
      for (int position = 0; position < positions(); position++) {
        int label = labels.label(i, position);
        if (label >= classes) {
          throw new IllegalArgumentException(
              "a label must be the index of a class: example=%d, label=%d, classes=%d"
                  .formatted(i, label, classes));
        }
      }
    }
  }

  void addTo(MessageDigest digest) {
    ByteBuffer row = ByteBuffer.allocate((positions() + features) * Float.BYTES);
    for (int i = 0; i < count(); i++) {
      row.clear();
      for (int position = 0; position < positions(); position++) {
        row.putInt(labels.label(i, position));
      }
      for (int feature = 0; feature < features; feature++) {
        row.putFloat(raw(i, feature));
      }
      digest.update(row.flip());
    }
  }

  public float raw(int example, int feature) {
    return values.at(example, feature);
  }

  /** The moments of raw values {@code [from, from + length)} of all examples. */
  RowMoments moments(int from, int length) {
    return values.moments(from, length);
  }

  /** Writes the labels of {@code count} examples, counted from {@code from}. */
  void copyLabels(int[] indices, int from, int count, int[] target) {
    Objects.checkFromIndexSize(from, count, indices.length);
    int positions = positions();
    for (int i = 0; i < count; i++) {
      for (int position = 0; position < positions; position++) {
        target[i * positions + position] = labels.label(indices[from + i], position);
      }
    }
  }

  /** Writes {@code count} examples, counted from {@code from}: normalised values and labels. */
  public void fill(int[] indices, int from, int count, float[] target, int[] targetLabels) {
    copyLabels(indices, from, count, targetLabels);
    fill(indices, from, count, target);
  }

  private void fill(int[] indices, int from, int count, float[] target) {
    for (int i = 0; i < count; i++) {
      values.copy(indices[from + i], 0, features, target, i * features);
    }
    normalization.ifPresent(present -> present.apply(target, features, count));
  }

  /** Writes a batch of augmented images; border pixels become 0. Requires a normalization. */
  void fill(int[] indices, int from, int count, Augmentation augmentation, float[] target) {
    if (augmentation.changesNothing()) {
      fill(indices, from, count, target);
      return;
    }
    Normalization present = normalization.orElseThrow();
    float[] border = border(present);
    for (int i = 0; i < count; i++) {
      augmentation.copy(values, indices[from + i], border, target, i * features);
    }
    present.apply(target, features, count);
  }

  /**
   * Writes raw bytes with examples innermost, and returns what is to be done with them; nothing if
   * values are no bytes or are augmented.
   */
  Optional<ByteScaling> transpose(
      int[] indices, int from, int count, Augmentation augmentation, byte[] target, int stride) {
    if (normalization.isPresent()
        && augmentation.changesNothing()
        && values instanceof RawValues.Bytes bytes) {
      bytes.transpose(indices, from, count, target, stride);
      return Optional.of(normalization.get());
    }
    return Optional.empty();
  }

  private static float[] border(Normalization present) {
    float[] border = new float[present.groups()];
    for (int group = 0; group < border.length; group++) {
      border[group] = present.mean().get(group).floatValue();
    }
    return border;
  }
}
