package com.example.pruning;

import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LayerKind;
import io.espalier.trainer.network.LayerParameters;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.RecipeForm;
import io.espalier.trainer.network.TensorShape;
import java.util.List;

/**
 * A factor for each channel of an image, which follows from the channel's mean: {@code x · σ(scale
 * · mean(x) + shift)}, a squeeze-and-excitation without mixing of channels (Hu, Shen and Sun,
 * 2018).
 */
public record SqueezeGate() implements Layer {
  @Override
  public TensorShape outputOf(List<TensorShape> inputs) {
    return inputs.get(0).requireImage();
  }

  @Override
  public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
    return LayerParameters.scaleAndShift(node, inputs);
  }

  /** Its name in recipes and model files. */
  public static final class Recipe implements RecipeForm<SqueezeGate> {
    @Override
    public LayerKind kind() {
      return LayerKind.of("squeeze-gate", SqueezeGate.class, SqueezeGate::new);
    }
  }
}
