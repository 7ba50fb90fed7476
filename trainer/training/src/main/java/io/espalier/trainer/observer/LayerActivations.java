package io.espalier.trainer.observer;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Addend;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One layer in the pass of one batch, under the target masks. Valid during {@link
 * StatisticObserver#see} only; nothing may be changed.
 */
public final class LayerActivations {
  private final ObservedLayer layer;
  private final FloatBuffer weight;
  private final Optional<FloatBuffer> bias;
  private final Optional<FloatBuffer> gradient;
  private final List<Trained> beside;
  private final Map<ParameterId, LayerInput> inputs;
  private final Optional<LayerOutput> output;
  private final Map<String, LayerInput> residuals;
  private final Optional<FloatBuffer> passed;

  /** Values of a parameter, and the gradient of the batch's mean loss by them. */
  public record Trained(FloatBuffer values, FloatBuffer gradient) {}

  public LayerActivations(
      ObservedLayer layer,
      FloatBuffer weight,
      Optional<FloatBuffer> bias,
      Optional<FloatBuffer> gradient,
      List<Trained> beside,
      Map<ParameterId, LayerInput> inputs,
      Optional<LayerOutput> output,
      Map<String, LayerInput> residuals) {
    this(layer, weight, bias, gradient, beside, inputs, output, residuals, Optional.empty());
  }

  private LayerActivations(
      ObservedLayer layer,
      FloatBuffer weight,
      Optional<FloatBuffer> bias,
      Optional<FloatBuffer> gradient,
      List<Trained> beside,
      Map<ParameterId, LayerInput> inputs,
      Optional<LayerOutput> output,
      Map<String, LayerInput> residuals,
      Optional<FloatBuffer> passed) {
    this.layer = layer;
    this.weight = weight;
    this.bias = bias;
    this.gradient = gradient;
    this.beside = List.copyOf(beside);
    this.inputs = Map.copyOf(inputs);
    this.output = output;
    this.residuals = Map.copyOf(residuals);
    this.passed = passed;
  }

  /** A layer as passes of an observer's own leave it: with one value per weight. */
  public static LayerActivations ofPasses(ObservedLayer layer, FloatBuffer weight, float[] values) {
    return new LayerActivations(
        layer,
        weight,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        Optional.of(FloatBuffer.wrap(values)));
  }

  public ObservedLayer layer() {
    return layer;
  }

  /** The stored weights, hidden ones included, by index. */
  public FloatBuffer weight() {
    return weight;
  }

  /** The layer's bias, if it has one. */
  public Optional<FloatBuffer> bias() {
    return bias;
  }

  /** The dense gradient of the batch's mean loss, {@code ∂L/∂ŵ}, by index. */
  public FloatBuffer gradient() {
    return gradient.orElseThrow(() -> undeclared("needs gradients"));
  }

  /**
   * Returns the parameters of {@link ObservedLayer#beside}, in order; empty unless gradients are
   * measured.
   */
  public List<Trained> beside() {
    return beside;
  }

  /** Returns what the observer's own passes give, by index of the weight. */
  public FloatBuffer passed() {
    return passed.orElseThrow(() -> undeclared("takes passes of its own"));
  }

  /** Examples of the batch, for an observer that needs inputs. */
  public int examples() {
    LayerInput seen = seen();
    return seen.values().length / (seen.channels() * seen.height() * seen.width());
  }

  /** Returns what the layer gave, row-major {@code [batch, outputs, height, width]}. */
  public float[] outputs() {
    return given().values();
  }

  /**
   * The gradient by {@link #outputs} of the batch's mean loss, or of the sum over examples of the
   * length of what the layer's unit gives.
   */
  public float[] outputGradient() {
    return given().gradient();
  }

  private LayerOutput given() {
    return output.orElseThrow(() -> undeclared("needs outputs"));
  }

  /**
   * Visits what the weight multiplies: a row per example, or per example and place of a
   * convolution's window. The row is used again: a visitor must not keep it.
   *
   * @param group of the layer's channels, from 0
   */
  public void forEachRow(int group, Consumer<float[]> visit) {
    LayerInput seen = seen();
    layer
        .unfold()
        .forEachRow(seen.values(), seen.channels(), seen.height(), seen.width(), group, visit);
  }

  /** Fills {@code row} with what the weight of one of the layer's addends multiplies. */
  void fillRow(Addend addend, int at, float[] row) {
    LayerInput seen = seen(addend.weight().id());
    addend.unfold().fillRow(row, seen.values(), seen.channels(), seen.height(), seen.width(), at);
  }

  /** Returns what a node between units of {@link ObservedLayer#residual} gave. */
  LayerInput residual(String node) {
    return Optional.ofNullable(residuals.get(node))
        .orElseThrow(() -> undeclared("needs residuals"));
  }

  private static IllegalStateException undeclared(String need) {
    return new IllegalStateException("an observer must say that it " + need);
  }

  private LayerInput seen() {
    return seen(layer.weight().id());
  }

  private LayerInput seen(ParameterId weight) {
    return Optional.ofNullable(inputs.get(weight)).orElseThrow(() -> undeclared("needs inputs"));
  }
}
