package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Unfold;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A linear layer or a convolution over kept weights. */
final class WeightedSum extends Operation {
  /** Values of one example that are worth a run; fewer are summed one by one. */
  private static final int LEAST_RUN = 5;

  private final Unfold window;
  private final SparseParameter weight;
  private final Optional<SparseParameter> bias;
  private final boolean isFixed;
  private final Kernels kernels;
  private final Kernels.Run inRun = new Kernels.Run();
  private final Kernels.Run outRun = new Kernels.Run();
  private SparseWeights weights;
  private Gather gather;
  private final int[] inRows;
  private final int[] outRows;
  private @Nullable SlicedRows sliced;
  private int version;

  WeightedSum(
      Source source,
      Tensor out,
      Unfold window,
      SparseParameter weight,
      Optional<SparseParameter> bias,
      boolean isFixed,
      Kernels kernels) {
    super(List.of(source), out);
    this.window = window;
    this.weight = weight;
    this.bias = bias;
    this.isFixed = isFixed;
    this.kernels = kernels;
    source.tensor.needBorder(window.padding());
    out.needGradientBorder(gradientBorder(window, source.tensor.height, out.height));
    out.needGradientBorder(gradientBorder(window, source.tensor.width, out.width));
    inRows = new int[out.height];
    outRows = new int[out.height];
    version = -1;
    gather = new Gather(new int[1], new int[0], new float[0]);
    weights = new SparseWeights(window, weight.mask(), source.tensor, out, false);
  }

  boolean isLinear() {
    return window.equals(Unfold.PLACES);
  }

  @Override
  List<SparseParameter> parameters() {
    return bias.isPresent() ? List.of(weight, bias.get()) : List.of(weight);
  }

  @Override
  boolean takesRelu() {
    return true;
  }

  @Override
  long macs() {
    return (long) weight.mask().kept() * out.height * out.width;
  }

  @Override
  void refreshMasks() {
    if (version == weight.version()) {
      return;
    }
    version = weight.version();
    Tensor in = source().tensor;
    weights = new SparseWeights(window, weight.mask(), in, out, source().needed);
    gather = new Gather(weights.starts(), weights.offsets(), weight.values());
    gather.in = in.values();
    gather.out = out.values();
    gather.bias = bias.isPresent() ? bias.get().values() : null;
    gather.relu = out.hasRelu();
    sliced = null;
    for (SparseWeights.Transpose each : weights.transposes()) {
      each.gather.in = out.gradient();
      each.gather.out = in.gradient();
      each.gather.adds = source().adds;
      each.gather.mask = source().masks() ? in.values() : null;
    }
  }

  @Override
  void forward(BatchTiles batch, boolean training) {
    Tensor in = source().tensor;
    int size = batch.size();
    int stride = window.stride();
    gather.outPlane = out.plane() * size;
    if (size == 1 && stride == 1 && out.width >= LEAST_RUN) {
      for (int y = 0; y < out.height; y++) {
        inRows[y] = in.start() + y * in.row();
        outRows[y] = out.at(0, y, 0, 1);
      }
      kernels.runs(gather, inRows, outRows, out.width);
      return;
    }
    if (size == 1 && isFixed) {
      each();
      return;
    }
    for (int y = 0; y < out.height; y++) {
      int inAt = in.start() + y * stride * in.row() * size;
      int outAt = out.at(0, y, 0, size);
      if (stride == 1) {
        kernels.gather(gather, size, inAt, outAt, 0, out.width * size);
      } else {
        for (int x = 0; x < out.width; x++) {
          kernels.gather(gather, size, inAt + x * stride * size, outAt + x * size, 0, size);
        }
      }
    }
  }

  /** Computes the output of one example, position by position. */
  private void each() {
    if (sliced == null) {
      sliced = new SlicedRows(gather.starts, gather.offsets, gather.values);
    }
    Tensor in = source().tensor;
    int stride = window.stride();
    for (int y = 0; y < out.height; y++) {
      for (int x = 0; x < out.width; x++) {
        int inAt = in.start() + (y * in.row() + x) * stride;
        sliced.gather(gather, inAt, out.at(0, y, x, 1));
      }
    }
  }

  @Override
  void backward(BatchTiles batch) {
    if (bias.isPresent()) {
      biasGradient(batch, bias.get().gradient());
    }
    Arrays.fill(weight.gradient(), 0);
    int last = batch.tiles() - 1;
    for (int tile = 0; tile < last; tile++) {
      for (int y = 0; y < out.height; y++) {
        addRow(batch, tile, y);
      }
    }
    rowByRow(batch, last);
  }

  /**
   * Both gradients, a row of the output's gradient at a time, so that it is read from memory once.
   */
  private void rowByRow(BatchTiles batch, int tile) {
    SparseWeights.Transpose[] transposes = weights.transposes();
    for (SparseWeights.Transpose each : transposes) {
      begin(batch, each);
    }
    int rows = transposes.length == 0 ? out.height : Math.max(out.height, source().tensor.height);
    for (int y = 0; y < rows; y++) {
      if (y < out.height) {
        addRow(batch, tile, y);
      }
      for (SparseWeights.Transpose each : transposes) {
        dataRow(batch, each, y);
      }
    }
  }

  private void biasGradient(BatchTiles batch, float[] gradient) {
    int size = batch.size();
    float[] from = out.gradient();
    Arrays.fill(gradient, 0);
    for (int tile = 0; tile < batch.tiles(); tile++) {
      for (int o = 0; o < out.channels; o++) {
        for (int y = 0; y < out.height; y++) {
          outRun.set(from, out.gradientAt(o, y, 0, size) + batch.start(tile), size);
          gradient[o] +=
              kernels.sum(outRun, batch.segments(out.width), batch.length(out.width, tile));
        }
      }
    }
  }

  /** Adds what a row of the output gives to the gradients of all kept weights. */
  private void addRow(BatchTiles batch, int tile, int y) {
    int plane = out.gradientPlane() * batch.size();
    int segments = place(batch, tile, 0, y);
    int length = length(batch, tile);
    kernels.dots(gather, batch.size(), inRun, outRun, plane, segments, length, weight.gradient());
  }

  /** Lets the runs show one row of the gradient of output {@code o}; returns its segments. */
  private int place(BatchTiles batch, int tile, int o, int y) {
    Tensor in = source().tensor;
    int size = batch.size();
    int stride = window.stride();
    int inAt = in.start() + y * stride * in.row() * size + batch.start(tile);
    inRun.set(in.values(), inAt, stride * size);
    outRun.set(out.gradient(), out.gradientAt(o, y, 0, size) + batch.start(tile), size);
    return isOneRun(batch) ? 1 : out.width;
  }

  private int length(BatchTiles batch, int tile) {
    int size = batch.size();
    return isOneRun(batch) ? out.width * size : Math.min(BatchTiles.TILE, size - batch.start(tile));
  }

  private boolean isOneRun(BatchTiles batch) {
    return batch.isOneTile() && window.stride() == 1;
  }

  @Override
  void readGradients(BatchTiles batch, GradientObserver reader) {
    int perOutput = weight.mask().size() / out.channels;
    int[] offsets = new int[perOutput];
    float[] gradient = new float[perOutput];
    for (int o = 0; o < out.channels; o++) {
      Arrays.fill(gradient, 0);
      for (int i = 0; i < perOutput; i++) {
        offsets[i] = weights.offset(o * perOutput + i);
      }
      for (int tile = 0; tile < batch.tiles(); tile++) {
        for (int y = 0; y < out.height; y++) {
          int segments = place(batch, tile, o, y);
          int length = length(batch, tile);
          kernels.dots(
              offsets, 0, perOutput, batch.size(), inRun, outRun, segments, length, gradient);
        }
      }
      reader.read(o * perOutput, gradient);
    }
  }

  private void begin(BatchTiles batch, SparseWeights.Transpose transpose) {
    transpose.load(weight.values());
    transpose.gather.outPlane = source().tensor.gradientPlane() * batch.size();
    transpose.gather.maskPlane = source().tensor.plane() * batch.size();
  }

  /** The gradient of the input row that is the {@code j}-th of its phase, if there is one. */
  private void dataRow(BatchTiles batch, SparseWeights.Transpose transpose, int j) {
    Tensor in = source().tensor;
    int size = batch.size();
    int stride = window.stride();
    int y = transpose.rowPhase + j * stride;
    if (y >= in.height) {
      return;
    }
    int from = out.gradientStart() + j * out.gradientRow() * size;
    if (stride == 1) {
      int to = in.gradientAt(0, y, 0, size);
      kernels.gather(transpose.gather, size, from, to, in.at(0, y, 0, size), in.width * size);
      return;
    }
    for (int x = transpose.columnPhase, i = 0; x < in.width; x += stride, i++) {
      int to = in.gradientAt(0, y, x, size);
      kernels.gather(transpose.gather, size, from + i * size, to, in.at(0, y, x, size), size);
    }
  }

  /** Cells that the data gradient reads around the gradient of the output, along one axis. */
  private static int gradientBorder(Unfold window, int length, int outputs) {
    int before = Math.floorDiv(window.kernel() - 1 - window.padding(), window.stride());
    int after = (length - 1 + window.padding()) / window.stride() - (outputs - 1);
    return Math.max(0, Math.max(before, after));
  }
}
