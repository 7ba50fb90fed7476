package io.espalier.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** Labelled raw examples of one length, normalised when a batch is filled. Immutable. */
public final class Examples {
  private final RawValues values;
  private final int[] labels;
  private final int features;
  private final Optional<Normalization> normalization;

  private Examples(
      RawValues values, int[] labels, int features, Optional<Normalization> normalization) {
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
        new RawValues.Bytes(values, features), labels.clone(), features, Optional.empty());
  }

  private static Examples ofOwned(float[] values, int[] labels) {
    requireLabels(values.length, labels);
    int features = values.length / labels.length;
    return new Examples(
        new RawValues.Floats(values, features), labels.clone(), features, Optional.empty());
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
        labels.clone(),
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
        new RawValues.Floats(new float[0], features), new int[0], features, Optional.empty());
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
    int[] selected = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      selected[i] = labels[indices[i]];
    }
    return new Examples(values.select(indices), selected, features, normalization);
  }

  public Examples labelled(int[] newLabels) {
    if (newLabels.length != labels.length) {
      throw new IllegalArgumentException(
          "each example must get a label: examples=%d, labels=%d"
              .formatted(labels.length, newLabels.length));
    }
    return new Examples(values, newLabels.clone(), features, normalization);
  }

  public static Examples joined(List<Examples> parts) {
    int features = parts.get(0).features;
    if (parts.stream().anyMatch(part -> part.features != features)) {
      throw new IllegalArgumentException("joined examples must have one length: " + features);
    }
    return new Examples(
        RawValues.joined(parts.stream().map(part -> part.values).toList()),
        parts.stream().flatMapToInt(part -> IntStream.of(part.labels)).toArray(),
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
    return labels.length;
  }

  public int features() {
    return features;
  }

  public int label(int example) {
    return labels[example];
  }

  public int[] labels() {
    return labels.clone();
  }

  void requireLabelsBelow(int classes) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= classes) {
        throw new IllegalArgumentException(
            "a label must be the index of a class: example=%d, label=%d, classes=%d"
                .formatted(i, labels[i], classes));
      }
    }
  }

  void addTo(MessageDigest digest) {
    ByteBuffer row = ByteBuffer.allocate((1 + features) * Float.BYTES);
    for (int i = 0; i < labels.length; i++) {
      row.clear().putInt(labels[i]);
      for (int feature = 0; feature < features; feature++) {
        row.putFloat(raw(i, feature));
      }
      digest.update(row.flip());
    }
  }

  public float raw(int example, int feature) {
    return values.at(example, feature);
  }

  /** Fills {@code target} with raw values of an example, counted from {@code from}. */
  void copyRaw(int example, int from, float[] target) {
    values.copy(example, from, target.length, target, 0);
  }

  /** Writes the labels of {@code count} examples, counted from {@code from}. */
  void copyLabels(int[] indices, int from, int count, int[] target) {
    Objects.checkFromIndexSize(from, count, indices.length);
    for (int i = 0; i < count; i++) {
      target[i] = labels[indices[from + i]];
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

  /** Writes normalised values with examples innermost, or returns false. */
  boolean transpose(
      int[] indices, int from, int count, Augmentation augmentation, RowTarget target) {
    return augmentation.changesNothing()
        && normalization.isPresent()
        && values.transpose(indices, from, count, normalization.get(), target);
  }

  private static float[] border(Normalization present) {
    float[] border = new float[present.groups()];
    for (int group = 0; group < border.length; group++) {
      border[group] = present.mean().get(group).floatValue();
    }
    return border;
  }
}
