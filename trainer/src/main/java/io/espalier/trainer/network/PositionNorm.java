package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import io.espalier.masks.structure.DependencyGraph.ChannelPort;
import io.espalier.masks.structure.PruningConstraint;
import io.espalier.trainer.engine.Constant;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;
import java.util.List;
import java.util.Optional;

/**
 * Normalises the features of each position of a sequence: layer norm (Ba, Kiros and Hinton, "Layer
 * Normalization", 2016), or, not centred, RMS norm (Zhang and Sennrich, "Root Mean Square Layer
 * Normalization", 2019). Scale {@code [features]}; shift {@code [features]} if centred.
 *
 * @param width features that means are taken over; those that were cut count as 0, so that a cut
 *     changes no output; 0 for as many as there are
 * @param epsilon above 0, as a position may be all 0
 */
record PositionNorm(boolean centred, int width, float epsilon) implements Layer {
  static final LayerKind KIND =
      LayerKind.of("position-norm", PositionNorm.class, () -> new PositionNorm(true, 0, EPSILON))
          .withPrefix("norm");
  static final LayerKind RMS_NORM =
      LayerKind.onlyInRecipes("rms-norm", "norm", () -> new PositionNorm(false, 0, EPSILON));

  PositionNorm {
    LayerParameters.requireFinite("epsilon", epsilon);
    if (width < 0 || epsilon <= 0) {
      throw new IllegalArgumentException(
          "width must be 0 or more, epsilon above 0: width=%d, epsilon=%s"
              .formatted(width, epsilon));
    }
  }

  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    TensorShape input = inputs.get(0).requireSequence();
    if (width > 0 && width < input.channels()) {
      throw new TensorShape.MismatchException(
          "from",
          "its input must have at most as many features as it was made for: width=%d, input=%s"
              .formatted(width, input));
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return LayerParameters.scaleAndShift(node, inputs).subList(0, centred ? 2 : 1);
  }

  /** The engine normalises whole rows in one go, forward and backward. */
  @Override
  public NDArray forward(Forward pass) {
    NDArray input = Forward.featuresLast(pass.input());
    NDArray scale = pass.parameter(0);
    Shape row = scale.getShape();
    if (centred && share(row.size()) == 1) {
      return Forward.featuresFirst(
          LayerNorm.layerNorm(input, row, scale, pass.parameter(1), epsilon).singletonOrThrow());
    }
    NDArray scaled = normalised(input, share(row.size())).mul(scale);
    return Forward.featuresFirst(centred ? scaled.add(pass.parameter(1)) : scaled);
  }

  /** The share of the features that are left. */
  private float share(long features) {
    return width == 0 ? 1 : (float) features / width;
  }

  private NDArray normalised(NDArray input, float share) {
    int[] last = {2};
    NDArray left = Constant.beside(input, share);
    NDArray smallest = Constant.beside(input, epsilon);
    if (!centred) {
      NDArray squares = input.square().mean(last, true).mul(left);
      return input.div(squares.add(smallest).sqrt());
    }
    NDArray mean = input.mean(last, true).mul(left);
    NDArray apart = input.sub(mean);
    NDArray ofCut = mean.square().mul(Constant.beside(input, 1 - share));
    NDArray variance = apart.square().mean(last, true).mul(left).add(ofCut);
    return apart.div(variance.add(smallest).sqrt());
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.PositionNorm(centred, width, epsilon);
  }

  @Override
  public String export(OnnxNode node) {
    float share = share(node.output().channels());
    String normalised = centred ? centredBy(node, share) : byRoot(node, node.input(), share);
    String scale = node.alongFeatures(node.parameters().get(0));
    if (!centred) {
      return node.whole("Mul", normalised, scale);
    }
    String scaled = node.part("scaled", "Mul", normalised, scale);
    return node.whole("Add", scaled, node.alongFeatures(node.parameters().get(1)));
  }

  private String centredBy(OnnxNode node, float share) {
    String mean = mean(node, "mean", node.input(), share);
    String apart = node.part("apart", "Sub", node.input(), mean);
    String squares = mean(node, "variance", node.part("squares", "Mul", apart, apart), share);
    String squaredMean = node.part("mean.squared", "Mul", mean, mean);
    String ofCut = node.part("cut", "Mul", squaredMean, node.scalar("gone", 1 - share));
    return over(node, apart, node.part("whole", "Add", squares, ofCut));
  }

  private String byRoot(OnnxNode node, String input, float share) {
    return over(
        node, input, mean(node, "square", node.part("squares", "Mul", input, input), share));
  }

  private String over(OnnxNode node, String value, String variance) {
    String above = node.part("above", "Add", variance, node.scalar("epsilon", epsilon));
    return node.part("normalised", "Div", value, node.part("root", "Sqrt", above));
  }

  private static String mean(OnnxNode node, String name, String value, float share) {
    Attributes alongFeatures = new Attributes().with("axes", List.of(1));
    String mean = node.part(name + ".left", "ReduceMean", List.of(value), alongFeatures);
    return node.part(name, "Mul", mean, node.scalar(name + ".share", share));
  }

  /** Features that pruning does not set to 0 in front of it would still count in its means. */
  @Override
  public ChannelPort channels(LayerChannels layer) {
    if (!layer.zeros()) {
      layer.graph().forbid(layer.input(), PruningConstraint.NORMALISED_TOGETHER);
    }
    return layer.perChannel(layer.input());
  }

  @Override
  public boolean prunesToZero(List<Boolean> inputs) {
    return !centred && !inputs.contains(false);
  }

  @Override
  public Layer narrowed(int channels, int left) {
    return new PositionNorm(centred, width == 0 ? channels : width, epsilon);
  }

  @Override
  public Optional<ChannelUse> use(int channels) {
    return Optional.of(new ChannelUse(false, 1, 1));
  }

  @Override
  public boolean normalises() {
    return true;
  }
}
