package io.espalier.trainer.sparse;

import io.espalier.masks.Mask;
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
  private final int threads;
  private final WeightForm form;
  private final FormCosts costs;
  private SparseWeights weights;
  private Gather gather;
  private ImageGather image;
  private ImageGather[] dataGradients = {};
  private final int[] inRows;
  private final int[] outRows;
  private int[] cuts = {};
  private @Nullable SlicedRows sliced;
  private int version;

  WeightedSum(
      Source source,
      Tensor out,
      Unfold window,
      SparseParameter weight,
      Optional<SparseParameter> bias,
      boolean isFixed,
      int threads) {
    super(List.of(source), out);
    this.window = window;
    this.weight = weight;
    this.bias = bias;
    this.isFixed = isFixed;
    this.threads = threads;
    source.tensor.needBorder(window.padding());
    out.needGradientBorder(SparseWeights.gradientBorder(window, source.tensor.height, out.height));
    out.needGradientBorder(SparseWeights.gradientBorder(window, source.tensor.width, out.width));
    inRows = new int[out.height];
    outRows = new int[out.height];
    version = -1;
    form = new WeightForm(weight);
    costs = new FormCosts(isLinear() ? FormCosts.OF_LINEAR : FormCosts.OF_CONVOLUTION);
    gather = new Gather(new int[1], new int[0], new float[0]);
    weights = new SparseWeights(window, weight.mask(), source.tensor, out, false);
    image = ImageGather.ofOutput(gather, window, source.tensor, out);
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
  boolean isDivided() {
    return true;
  }

  @Override
  void prepare(BatchTiles batch) {
    int now = weight.version() + (bias.isPresent() ? bias.get().version() : 0);
    if (version != now) {
      version = now;
      index();
    }
    form.load(!isFixed);
    image.place(batch.size());
    for (ImageGather each : dataGradients) {
      each.place(batch.size());
    }
  }

  private void index() {
    form.takeKept();
    layOut();
    Mask mask = weight.mask();
    double ofKept = cost();
    double least = (source().needed ? 3.0 : 2.0) * mask.size();
    if (isFixed || mask.pruned() == 0 || !costs.prefersAll(ofKept, mask.kept(), least)) {
      return;
    }
    form.takeAll();
    layOut();
    if (costs.isNew()) {
      costs.ofAll(cost());
      if (!costs.prefersAll(ofKept, mask.kept(), least)) {
        form.takeKept();
        layOut();
      }
    }
  }

  /** The cost of the passes of a step, in weights of a tile. */
  private double cost() {
    double cost = costs.of(gather.shared, gather.starts);
    cost += costs.of(gather.sharedSums, gather.starts);
    for (SparseWeights.Transpose each : weights.transposes()) {
      cost += costs.of(each.gather.shared, each.gather.starts);
    }
    return cost;
  }

  private void layOut() {
    Tensor in = source().tensor;
    weights = new SparseWeights(window, form.units(), in, out, source().needed);
    gather = new Gather(weights.starts(), weights.offsets(), form.values());
    gather.in = in.values();
    gather.out = out.values();
    gather.bias = bias.isPresent() ? bias.get().seen() : null;
    gather.relu = out.hasRelu();
    sliced = null;
    image = ImageGather.ofOutput(gather, window, in, out);
    dataGradients = new ImageGather[weights.transposes().length];
    for (int i = 0; i < dataGradients.length; i++) {
      SparseWeights.Transpose each = weights.transposes()[i];
      dataGradients[i] = ImageGather.ofInput(each, window, in, out, source().masks());
      each.gather.in = out.gradient();
      each.gather.out = in.gradient();
      each.gather.adds = source().adds;
      each.gather.mask = source().masks() ? in.values() : null;
      if (each.gather.places != null) {
        each.gather.values = form.values();
      }
    }
    cuts = gather.sharedSums.cuts(gather.starts, threads);
  }

  @Override
  void forward(BatchTiles batch, boolean training, Part part) {
    if (batch.size() == 1) {
      if (part.isFirst()) {
        ofOne(part.kernels());
      }
      return;
    }
    if (part.isFirst()) {
      costs.begin();
    }
    image.gather(part);
    if (part.isFirst()) {
      costs.pause();
    }
  }

  private void ofOne(Kernels kernels) {
    Tensor in = source().tensor;
    int stride = window.stride();
    if (stride == 1 && out.width >= LEAST_RUN) {
      for (int y = 0; y < out.height; y++) {
        inRows[y] = in.start() + y * in.row();
        outRows[y] = out.at(0, y, 0, 1);
      }
      kernels.runs(gather, inRows, outRows, out.width);
    } else if (isFixed) {
      each();
    } else {
      for (int y = 0; y < out.height; y++) {
        for (int x = 0; x < out.width; x++) {
          int inAt = in.start() + (y * in.row() + x) * stride;
          kernels.gather(gather, 1, inAt, out.at(0, y, x, 1), 0, 1);
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
  void backward(BatchTiles batch, Part part) {
    if (part.isFirst()) {
      costs.goOn();
    }
    int first = first(part);
    int last = last(part);
    for (SparseWeights.Transpose each : weights.transposes()) {
      each.load(form.values(), part);
    }
    if (bias.isPresent()) {
      biasGradient(batch, part, first, last);
    }
    part.meet();
    gradients(batch, part);
    form.store(first * perOutput(), last * perOutput());
    if (part.isFirst()) {
      boolean all = form.isAll() || weight.mask().pruned() == 0;
      costs.end(all, weight.mask().kept(), batch.size());
    }
  }

  private int perOutput() {
    return weight.mask().size() / out.channels;
  }

  /** Both gradients, row by row where the output's gradient is best read from memory once. */
  private void gradients(BatchTiles batch, Part part) {
    boolean byRow = !image.readsAhead();
    for (int tile = 0; tile < batch.tiles(); tile++) {
      boolean isLast = tile == batch.tiles() - 1;
      for (int y = 0; y < out.height; y++) {
        addRow(batch, part, tile, y);
        if (byRow && isLast) {
          dataRow(part, y);
        }
      }
    }
    if (byRow) {
      for (int y = out.height; y < source().tensor.height; y++) {
        dataRow(part, y);
      }
    } else {
      for (ImageGather each : dataGradients) {
        each.gather(part);
      }
    }
  }

  private void dataRow(Part part, int y) {
    for (ImageGather each : dataGradients) {
      each.gatherRow(part, y);
    }
  }

  private void biasGradient(BatchTiles batch, Part part, int first, int last) {
    int size = batch.size();
    float[] gradient = bias.orElseThrow().gradient();
    Arrays.fill(gradient, first, last, 0);
    for (int tile = 0; tile < batch.tiles(); tile++) {
      int segments = batch.segments(out.width);
      int length = batch.length(out.width, tile);
      for (int o = first; o < last; o++) {
        for (int y = 0; y < out.height; y++) {
          part.other.set(out.gradient(), out.gradientAt(o, y, 0, size) + batch.start(tile), size);
          gradient[o] += part.kernels().sum(part.other, segments, length);
        }
      }
    }
  }

  /** The first output whose weights' gradients a part computes. */
  private int first(Part part) {
    return part.isWhole() ? 0 : cuts[part.index()];
  }

  private int last(Part part) {
    return part.isWhole() ? out.channels : cuts[part.index() + 1];
  }

  /**
   * Adds what a row of the output gives to the gradients of a part's kept weights; the first sets
   * them.
   */
  private void addRow(BatchTiles batch, Part part, int tile, int y) {
    int plane = out.gradientPlane() * batch.size();
    int segments = place(batch, part, tile, 0, y);
    part.kernels()
        .dots(
            gather,
            first(part),
            last(part),
            batch.size(),
            part.run,
            part.other,
            plane,
            segments,
            length(batch, tile),
            form.gradient(),
            tile > 0 || y > 0);
  }

  /** Lets the runs show one row of the gradient of output {@code o}; returns its segments. */
  private int place(BatchTiles batch, Part part, int tile, int o, int y) {
    Tensor in = source().tensor;
    int size = batch.size();
    int stride = window.stride();
    int inAt = in.start() + y * stride * in.row() * size + batch.start(tile);
    part.run.set(in.values(), inAt, stride * size);
    part.other.set(out.gradient(), out.gradientAt(o, y, 0, size) + batch.start(tile), size);
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
  void readGradients(BatchTiles batch, Part part, GradientObserver reader) {
    int perOutput = perOutput();
    int[] offsets = new int[perOutput];
    float[] gradient = new float[perOutput];
    for (int o = 0; o < out.channels; o++) {
      Arrays.fill(gradient, 0);
      for (int i = 0; i < perOutput; i++) {
        offsets[i] = weights.offset(o * perOutput + i);
      }
      for (int tile = 0; tile < batch.tiles(); tile++) {
        for (int y = 0; y < out.height; y++) {
          int segments = place(batch, part, tile, o, y);
          int length = length(batch, tile);
          part.kernels()
              .dots(
                  offsets,
                  0,
                  perOutput,
                  batch.size(),
                  part.run,
                  part.other,
                  segments,
                  length,
                  gradient);
        }
      }
      reader.read(o * perOutput, gradient);
    }
  }
}
