package io.espalier.trainer.sparse;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.data.BatchInputs;
import io.espalier.trainer.data.ByteScaling;
import io.espalier.trainer.network.Network;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A network that computes with kept weights only, in plain Java.
 *
 * <p>Memory is proportional to kept weights and activations, of layers that compute with all
 * weights to those; passes and updates allocate nothing. Results are the same on all machines and
 * for any number of threads. Confined to one calling thread.
 */
public final class SparseNetwork implements AutoCloseable {
  private final Team team;
  private final BatchNormalization.Momentum momentum;
  private final List<Operation> operations;
  private final List<Tensor> tensors;
  private final List<SparseParameter> parameters;
  private final Tensor input;
  private final Tensor output;
  private final int mostExamples;
  private final boolean trains;
  private final BatchTiles batch = new BatchTiles();
  private final CacheLines cacheLines = new CacheLines();
  private final Consumer<Part> training = this::forwardToTrain;
  private final Consumer<Part> inference = this::forwardToInfer;
  private final Consumer<Part> backward = this::backward;
  private final Pace ofTraining = new Pace();
  private final Pace ofInference = new Pace();
  private final Pace ofBackward = new Pace();
  private final Pace ofUpdates = new Pace();
  private final float[] logits;
  private final float[] slopes;
  private @Nullable UpdatePass update;
  private int[] inputLines = new int[1];
  private byte[] bytes = new byte[0];

  SparseNetwork(NetworkAssembly assembly) {
    team = assembly.pass().team();
    momentum = assembly.pass().momentum();
    operations = List.copyOf(assembly.operations());
    tensors = List.copyOf(assembly.tensors());
    parameters = operations.stream().flatMap(each -> each.parameters().stream()).toList();
    input = assembly.input();
    output = assembly.output();
    mostExamples = assembly.examples();
    trains = assembly.pass().trains();
    logits = new float[mostExamples * output.cells()];
    slopes = new float[trains ? logits.length : 0];
  }

  /**
   * A network that trains, with parameters of 0.
   *
   * @param masks by parameter; those of others keep all
   * @param examples the largest batch
   * @param moments arrays beside each trained value, as {@link SparseOptimizer#moments} says
   * @param threads that compute it together; results are the same for any number
   */
  public static SparseNetwork training(
      Network network, Map<ParameterId, Mask> masks, int examples, int moments, int threads) {
    return new NetworkAssembly(network, masks, examples, true, moments, threads).assemble();
  }

  /** A network that trains in the calling thread alone. */
  public static SparseNetwork training(
      Network network, Map<ParameterId, Mask> masks, int examples, int moments) {
    return training(network, masks, examples, moments, 1);
  }

  /** A network for inference only, which takes about half of the memory. */
  public static SparseNetwork inference(
      Network network, Map<ParameterId, Mask> masks, int examples) {
    return new NetworkAssembly(network, masks, examples, false, 0, 1).assemble();
  }

  /** Describes the loops of networks on this machine, as {@link #kernels} does. */
  public static String machine() {
    return KernelChoice.kernels().description();
  }

  /** Whether the loops of networks take several values at a time on this machine. */
  public static boolean usesSimd() {
    return !(KernelChoice.kernels() instanceof ScalarKernels);
  }

  /** Describes the loops: the SIMD width, or the reason why there is none. */
  public String kernels() {
    return team.whole().kernels().description();
  }

  /** In graph order, as layers take them. */
  public List<SparseParameter> parameters() {
    return parameters;
  }

  public SparseParameter parameter(ParameterId id) {
    return parameters.stream()
        .filter(each -> each.shape().id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("a parameter must be of this network: id=" + id));
  }

  /** Logits of an example, or of each of its positions. */
  public int outputs() {
    return output.channels;
  }

  /** Rows of logits per example: the positions of a sequence, else 1. */
  public int positions() {
    return output.width;
  }

  /** Multiply-adds of kept weights in a forward pass over one example. */
  public long macs() {
    return operations.stream().mapToLong(Operation::macs).sum();
  }

  /** Sets the share of running statistics that a training pass keeps; 0.9 unless set. */
  public void normMomentum(float value) {
    momentum.value = value;
  }

  /**
   * Computes the gradients of all parameters for a batch, and returns its mean loss.
   *
   * @param labels one per example of the batch, or per position of one
   */
  public double gradients(BatchInputs inputs, int[] labels, LossGradient objective) {
    begin(labels);
    load(inputs);
    return gradients(labels, objective);
  }

  private void begin(int[] labels) {
    if (!trains) {
      throw new IllegalStateException("gradients need a network that trains");
    }
    if (labels.length % output.width != 0) {
      throw new IllegalArgumentException(
          "labels must be those of whole examples: positions=%d, labels=%d"
              .formatted(output.width, labels.length));
    }
    resize(labels.length / output.width, true);
  }

  private double gradients(int[] labels, LossGradient objective) {
    forward(true);
    Transposition.store(output, batch, 0, logits);
    double loss = objective.gradient(logits, labels, output.channels, slopes);
    Transposition.loadGradient(slopes, batch, output);
    maskOutput();
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).allocateGradient();
    }
    run(backward, ofBackward);
    return loss;
  }

  private void backward(Part part) {
    for (int i = operations.size() - 1; i >= 0; i--) {
      Operation operation = operations.get(i);
      if (operation.isDivided()) {
        operation.backward(batch, part);
      } else if (part.isFirst()) {
        operation.backward(batch, team.whole());
      }
      part.meet();
    }
  }

  private void maskOutput() {
    int size = batch.size();
    for (int c = 0; output.hasRelu() && c < output.channels; c++) {
      team.whole()
          .kernels()
          .keepPositive(
              output.gradient(),
              output.gradientAt(c, 0, 0, size),
              output.values(),
              output.at(c, 0, 0, size),
              output.width * size);
    }
  }

  /** Computes the gradients of inputs {@code [batch, channels, height, width]}, row-major. */
  public double gradients(float[] inputs, int[] labels, LossGradient objective) {
    begin(labels);
    load(inputs, 0);
    return gradients(labels, objective);
  }

  /**
   * Shows the gradients of all units of a weight for the batch of the last {@link #gradients},
   * before an update. Needs memory for one output's units only.
   */
  public void readGradients(ParameterId weight, GradientObserver reader) {
    operations.stream()
        .filter(each -> !each.parameters().isEmpty())
        .filter(each -> each.parameters().get(0).shape().id().equals(weight))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a weight must be of this network: parameter=" + weight.name()))
        .readGradients(batch, team.whole(), reader);
  }

  /** Takes the optimizer's step after {@code completed} ones; gradients are consumed. */
  public void update(SparseOptimizer optimizer, long completed, double rate) {
    if (update == null || update.optimizer() != optimizer) {
      update = new UpdatePass(parameters, optimizer);
    }
    update.begin(completed, rate);
    if (optimizer.isDivided()) {
      run(update, ofUpdates);
    } else {
      update.accept(team.whole());
    }
  }

  /** Logits of the last {@link #gradients}, {@code [batch · positions, classes]}; live. */
  public float[] logits() {
    return logits;
  }

  /**
   * Computes logits, {@code [examples · positions, classes]}, with the running statistics of norms.
   * More examples than the largest batch are computed in parts, to the same bits.
   *
   * @param inputs {@code [examples, channels, height, width]}, row-major
   */
  public void infer(float[] inputs, int examples, float[] logits) {
    int first = 0;
    do {
      resize(Math.min(mostExamples, examples - first), false);
      load(inputs, first);
      forward(false);
      Transposition.store(output, batch, first, logits);
      first += mostExamples;
    } while (first < examples);
  }

  /** Updates running statistics by a batch, and nothing else. */
  public void gatherStatistics(float[] inputs, int examples) {
    resize(examples, true);
    load(inputs, 0);
    forward(true);
  }

  private void resize(int examples, boolean sums) {
    if (examples < 1 || examples > mostExamples) {
      throw new IllegalArgumentException(
          "a batch must have from 1 to %d examples: examples=%d".formatted(mostExamples, examples));
    }
    int before = batch.size();
    batch.resize(examples, sums);
    boolean isResized = batch.size() != before;
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      if (!tensor.align(cacheLines) && !isResized) {
        continue;
      }
      tensor.clearBorders();
      if (tensor == input) {
        inputLines = Transposition.lines(input, batch.size());
      }
    }
  }

  private void load(BatchInputs inputs) {
    if (bytes.length == 0) {
      bytes = new byte[input.cells() * BatchTiles.padded(mostExamples)];
    }
    Optional<ByteScaling> scaling = inputs.bytes(bytes, batch.size());
    if (scaling.isPresent()) {
      Transposition.load(
          bytes, scaling.get(), batch, input, inputLines, team.whole().kernels().rows());
    } else {
      load(inputs.rows(), 0);
    }
  }

  private void load(float[] inputs, int first) {
    int examples = first + batch.examples();
    if (inputs.length < (long) examples * input.cells()) {
      throw new IllegalArgumentException(
          "inputs must have %d values per example: examples=%d, values=%d"
              .formatted(input.cells(), examples, inputs.length));
    }
    Transposition.load(inputs, first, batch, input);
  }

  private void forward(boolean isTraining) {
    for (int i = 0; i < operations.size(); i++) {
      operations.get(i).prepare(batch);
    }
    if (isTraining) {
      run(training, ofTraining);
    } else {
      run(inference, ofInference);
    }
  }

  private void run(Consumer<Part> pass, Pace pace) {
    long macs = 0;
    for (int i = 0; i < operations.size(); i++) {
      macs += operations.get(i).macs();
    }
    team.run(pass, macs * batch.size(), pace);
  }

  private void forwardToTrain(Part part) {
    forward(true, part);
  }

  private void forwardToInfer(Part part) {
    forward(false, part);
  }

  private void forward(boolean training, Part part) {
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      if (operation.isDivided()) {
        operation.forward(batch, training, part);
      } else if (part.isFirst()) {
        operation.forward(batch, training, team.whole());
      }
      part.meet();
    }
  }

  /** Ends its threads. */
  @Override
  public void close() {
    team.close();
  }
}
