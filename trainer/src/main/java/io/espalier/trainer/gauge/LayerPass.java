package io.espalier.trainer.gauge;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One layer in the pass of one batch, under the target masks. Valid during {@link Gauge#see} only;
 * nothing may be changed.
 */
public final class LayerPass {
  private final GaugedLayer layer;
  private final FloatBuffer weight;
  private final Optional<FloatBuffer> gradient;
  private final List<Trained> beside;
  private final Optional<LayerInput> input;
  private final Optional<FloatBuffer> curvature;

  /** Values of a parameter, and the gradient of the batch's mean loss by them. */
  public record Trained(FloatBuffer values, FloatBuffer gradient) {}

  public LayerPass(
      GaugedLayer layer,
      FloatBuffer weight,
      Optional<FloatBuffer> gradient,
      List<Trained> beside,
      Optional<LayerInput> input,
      Optional<FloatBuffer> curvature) {
    this.layer = layer;
    this.weight = weight;
    this.gradient = gradient;
    this.beside = List.copyOf(beside);
    this.input = input;
    this.curvature = curvature;
  }

  public GaugedLayer layer() {
    return layer;
  }

  /** The stored weights, hidden ones included, by index. */
  public FloatBuffer weight() {
    return weight;
  }

  /** The dense gradient of the batch's mean loss, {@code ∂L/∂ŵ}, by index. */
  public FloatBuffer gradient() {
    return gradient.orElseThrow(
        () -> new IllegalStateException("a gauge must say that it needs gradients"));
  }

  /** Those of {@link GaugedLayer#beside}, in order; empty unless gradients are measured. */
  public List<Trained> beside() {
    return beside;
  }

  /**
   * The Hessian of the batch's mean loss over all prunable weights, times its gradient, by index:
   * {@code H ∂L/∂ŵ}. Loss and gradient are at the temperature that the gauge names.
   */
  public FloatBuffer curvature() {
    return curvature.orElseThrow(
        () -> new IllegalStateException("a gauge must name the temperature of its curvature"));
  }

  /**
   * Visits what the weight multiplies: a row per example, or per example and place of a
   * convolution's window. The row is used again: a visitor must not keep it.
   *
   * @param group of the layer's channels, from 0
   */
  public void forEachRow(int group, Consumer<float[]> visit) {
    LayerInput seen =
        input.orElseThrow(() -> new IllegalStateException("a gauge must say that it needs inputs"));
    layer
        .patches()
        .forEachRow(seen.values(), seen.channels(), seen.height(), seen.width(), group, visit);
  }
}
