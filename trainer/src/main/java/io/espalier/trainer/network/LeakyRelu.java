package io.espalier.trainer.network;

import ai.djl.ndarray.NDArray;
import io.espalier.configs.LayerKinds.Settings;
import io.espalier.configs.Rules;
import io.espalier.trainer.network.OnnxGraphWriter.Attributes;
import io.espalier.trainer.sparse.SparseLayer;

/** x where that is positive, else {@code slope} · x (Maas, Hannun and Ng, 2013). */
record LeakyRelu(float slope) implements Layer {
  static final LayerKind KIND = LayerKind.of("leaky-relu", LeakyRelu.class, LeakyRelu::read);

  LeakyRelu {
    LayerParameters.requireFinite("slope", slope);
  }

  private static LayerKind.Maker read(Settings settings) {
    double slope = settings.number("slope", 0.01);
    new Rules().require("slope", slope, slope >= 0 && slope < 1, "at least 0 and below 1").verify();
    return sizes -> new LeakyRelu((float) slope);
  }

  @Override
  public NDArray forward(Forward pass) {
    return ai.djl.nn.Activation.leakyRelu(pass.input(), slope);
  }

  @Override
  public boolean activates() {
    return true;
  }

  @Override
  public SparseLayer sparse() {
    return new SparseLayer.LeakyRelu(slope);
  }

  @Override
  public String export(OnnxNode node) {
    return node.operation("LeakyRelu", new Attributes().with("alpha", slope));
  }
}
