package io.espalier.trainer.replica;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.trainer.data.Augmentation;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.network.ImageShape;
import java.nio.FloatBuffer;
import java.util.Arrays;

final class Batches {
  private final ImageShape input;
  private final Augmentation none;
  private final float[] features;
  private final long[] labels;

  public Batches(ImageShape input, int largestBatch) {
    this.input = input;
    this.none = Augmentation.none(input);
    this.features = new float[largestBatch * input.size()];
    this.labels = new long[largestBatch];
  }

  public NDArray load(Examples examples, int[] indices, int from, int count, NDManager manager) {
    return load(examples, none, indices, from, count, manager);
  }

  public NDArray load(
      Examples examples,
      Augmentation augmentation,
      int[] indices,
      int from,
      int count,
      NDManager manager) {
    examples.fill(indices, from, count, augmentation, features, labels);
    NDArray array =
        manager.create(new Shape(count, input.channels(), input.height(), input.width()));
    FloatBuffer target = array.toByteBuffer(true).asFloatBuffer();
    target.put(features, 0, count * input.size());
    return array;
  }

  public int label(int row) {
    return (int) labels[row];
  }

  public NDArray labels(int count, NDManager manager) {
    return manager.create(Arrays.copyOf(labels, count));
  }
}
